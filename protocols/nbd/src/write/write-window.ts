import { NBD_CMD_WRITE } from '../codec/wire.ts';
import type { NbdError } from '../error.ts';
import { ChunkList } from './chunk-list.ts';
import { Command } from './command.ts';
import { cutEnd, isAligned } from './cuts.ts';
import { type Manner, type Target, writeWithinBlock } from './read-modify-write.ts';

/** Who is told what becomes of the writes. */
interface Listener {
  /** Bytes acknowledged so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** A write failed; called once. */
  readonly onFailure?: (error: unknown) => void;
}

/** Several writes at a time to one export, as many as the window allows. */
export class WriteWindow {
  readonly #target: Target;
  readonly #how: Manner;
  readonly #listener: Listener;
  readonly #outstanding = new Set<Command>();
  /** Requests on their way, read-modify-writes included. */
  #running = 0;
  #acknowledged = 0;
  #failure: unknown;
  #wake: (() => void) | undefined;
  readonly #settled = (error: NbdError | undefined, command: Command) => {
    this.#outstanding.delete(command);
    this.#finished(error, command.length);
  };

  constructor(target: Target, how: Manner, listener: Listener) {
    this.#target = target;
    this.#how = how;
    this.#listener = listener;
  }

  /** Bytes the server has acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Lets no more requests start; what is outstanding must drain soon. */
  stop(error: unknown): void {
    this.#fail(error);
    this.#target.connection.drainSoon([...this.#outstanding]);
    this.#wake?.();
  }

  /** Writes chunks, waiting for room in the window before each request. Throws the first failure of any request. */
  async write(offset: number, chunks: readonly Uint8Array[]): Promise<void> {
    const list = new ChunkList();
    for (const chunk of chunks) list.push(chunk);
    const end = offset + list.bytes;
    const { shape } = this.#target;
    for (let at = offset; at < end; ) {
      while (this.#running >= shape.inFlight && this.#failure === undefined) await this.#turn();
      if (this.#failure !== undefined) throw this.#failure;
      const stop = cutEnd(at, end, shape);
      this.#start(at, stop, list.take(stop - at));
      at = stop;
    }
  }

  /** Waits until every request is answered. Throws the first failure. */
  async drain(): Promise<void> {
    while (this.#running > 0) await this.#turn();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #start(at: number, stop: number, chunks: Uint8Array[]): void {
    this.#running += 1;
    if (!isAligned(at, stop, this.#target.shape.align)) {
      writeWithinBlock(this.#target, at, chunks, this.#how).then(
        () => this.#finished(undefined, stop - at),
        (error: unknown) => this.#finished(error, 0),
      );
      return;
    }
    const command = new Command({ type: NBD_CMD_WRITE, offset: at, length: stop - at, flags: this.#how.flags }, this.#settled);
    this.#outstanding.add(command);
    this.#target.connection.send(command, chunks);
  }

  #finished(error: unknown, bytes: number): void {
    this.#running -= 1;
    if (error === undefined) this.#acknowledge(bytes);
    else this.#fail(error);
    this.#wake?.();
  }

  #acknowledge(bytes: number): void {
    this.#acknowledged += bytes;
    try {
      this.#listener.onProgress?.(this.#acknowledged);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#listener.onFailure?.(error);
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
