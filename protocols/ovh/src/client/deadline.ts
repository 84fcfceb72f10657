import { TimeoutError } from '../errors/errors.ts';

/** One signal for everything that may end a call: those given, and a total time. Listeners are taken off at the end. */
export class Deadline implements Disposable {
  readonly signal: AbortSignal;
  readonly #endsAt: number;
  readonly #undo: (() => void)[] = [];

  /** @param totalMs undefined: no total */
  constructor(sources: readonly AbortSignal[], totalMs: number | undefined) {
    this.#endsAt = totalMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + totalMs;
    const [only] = sources;
    if (totalMs === undefined && sources.length === 1 && only !== undefined) {
      this.signal = only;
      return;
    }
    const controller = new AbortController();
    this.signal = controller.signal;
    for (const source of sources) this.#follow(source, controller);
    if (totalMs === undefined) return;
    const timer = setTimeout(() => {
      controller.abort(new TimeoutError(`The call took longer than ${totalMs} ms in total`, { phase: 'total', sent: true }));
    }, totalMs);
    this.#undo.push(() => clearTimeout(timer));
  }

  /** ms that are left; infinite without a total. */
  get remainingMs(): number {
    return this.#endsAt - performance.now();
  }

  [Symbol.dispose](): void {
    for (const undo of this.#undo) undo();
  }

  #follow(source: AbortSignal, controller: AbortController): void {
    const abort = (): void => controller.abort(source.reason);
    if (source.aborted) abort();
    source.addEventListener('abort', abort, { once: true });
    this.#undo.push(() => source.removeEventListener('abort', abort));
  }
}
