import type { BlockStatus } from '../codec/block-status.ts';
import { NBD_CMD_BLOCK_STATUS } from '../codec/wire.ts';
import { type NbdError, protocolError } from '../error.ts';
import type { Context } from '../negotiate.ts';
import { Pending } from '../pending.ts';
import type { ContextStatus } from './zip.ts';

/** One BLOCK_STATUS on the wire. `answer` gives one status for every context, or rejects. */
export class StatusRequest extends Pending {
  readonly #contexts: readonly Context[];
  readonly #statuses = new Map<number, BlockStatus>();
  readonly #promise = Promise.withResolvers<ContextStatus[]>();

  constructor(contexts: readonly Context[], offset: number, length: number) {
    super(NBD_CMD_BLOCK_STATUS, offset, length);
    this.#contexts = contexts;
  }

  get answer(): Promise<ContextStatus[]> {
    return this.#promise.promise;
  }

  override status(status: BlockStatus): void {
    const id = status.contextId;
    if (!this.#contexts.some((context) => context.id === id)) throw protocolError(`a block status of the unknown context ${id}`);
    if (this.#statuses.has(id)) throw protocolError(`two block statuses of the context ${id}`);
    this.#statuses.set(id, status);
  }

  override done(): void {
    if (this.error !== undefined) {
      this.#promise.reject(this.error);
      return;
    }
    if (this.dropped) return;
    this.#promise.resolve(
      this.#contexts.map(({ id, kind, name }) => {
        const status = this.#statuses.get(id);
        // imageio 10: what a context does not tell must not be taken for clean or for zero.
        if (status === undefined) throw protocolError(`a block status without the context ${name}`);
        return { kind, status };
      }),
    );
  }

  override lost(error: NbdError): void {
    this.#promise.reject(error);
  }

  /** The caller stopped waiting. */
  stop(error: NbdError): void {
    this.dropped = true;
    this.#promise.reject(error);
  }
}
