import { OvirtWireError } from '../errors.ts';

/** How long a call may take, its logins included, and who may give it up before. */
export class CallLimit {
  /** Aborted by whichever comes first. */
  readonly signal: AbortSignal;
  readonly #caller: AbortSignal | undefined;
  readonly #deadline: AbortSignal;
  readonly #deadlineMs: number;

  constructor(deadlineMs: number, caller?: AbortSignal | undefined) {
    this.#caller = caller;
    this.#deadlineMs = deadlineMs;
    this.#deadline = AbortSignal.timeout(deadlineMs);
    this.signal = caller === undefined ? this.#deadline : AbortSignal.any([caller, this.#deadline]);
  }

  /** `OVIRT_WIRE_ABORTED` or `OVIRT_WIRE_TIMEOUT` when that is why something failed. */
  explain(cause: unknown): Error | undefined {
    if (this.#caller?.aborted === true) return OvirtWireError('OVIRT_WIRE_ABORTED', {}, { cause });
    if (this.#deadline.aborted) return OvirtWireError('OVIRT_WIRE_TIMEOUT', { seconds: this.#deadlineMs / 1000 }, { cause });
    return undefined;
  }

  /** Waits for something that others wait for too, but no longer than this limit. */
  async wait<Value>(promise: Promise<Value>): Promise<Value> {
    const { promise: over, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => reject(this.explain(this.signal.reason));
    this.signal.addEventListener('abort', giveUp, { once: true });
    try {
      if (this.signal.aborted) giveUp();
      return await Promise.race([promise, over]);
    } finally {
      this.signal.removeEventListener('abort', giveUp);
    }
  }
}
