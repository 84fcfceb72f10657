import type { NbdError } from '../error.ts';
import { Pending } from '../pending.ts';

/** A request that is answered by success or error only. The callback comes exactly once. */
export class Command extends Pending {
  readonly #settled: (error: NbdError | undefined, command: Command) => void;

  constructor(
    head: { type: number; offset: number; length: number; flags?: number },
    settled: (error: NbdError | undefined, command: Command) => void,
  ) {
    super(head.type, head.offset, head.length, head.flags);
    this.#settled = settled;
  }

  override done(): void {
    this.#settled(this.error, this);
  }

  override lost(error: NbdError): void {
    this.#settled(error, this);
  }
}
