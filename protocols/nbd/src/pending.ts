import type { BlockStatus } from './codec/block-status.ts';
import { NBD_CMD_BLOCK_STATUS, NBD_CMD_READ } from './codec/wire.ts';
import { NbdError, protocolError } from './error.ts';
import type { Slab } from './net/slabs.ts';

/** No server needs chunks smaller than this on average; more of them are an attack on our memory or patience. */
const LEAST_CHUNK = 256;
const CHUNKS_FREE = 64;

/** A request that was sent and is not answered in full. Its answer comes in calls, `done` or `lost` last. */
export abstract class Pending {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly length: number;
  /** Grows with every sign of life; the watchdog compares it. */
  progress = 0;
  /** Nobody wants the answer any more. */
  dropped = false;
  #chunks = 0;
  #error: NbdError | undefined;

  constructor(type: number, offset: number, length: number, flags = 0) {
    this.type = type;
    this.flags = flags;
    this.offset = offset;
    this.length = length;
  }

  /** The first error chunk or reply, if there was one. */
  get error(): NbdError | undefined {
    return this.#error;
  }

  get isRead(): boolean {
    return this.type === NBD_CMD_READ;
  }

  get isStatus(): boolean {
    return this.type === NBD_CMD_BLOCK_STATUS;
  }

  /** A chunk of the answer begins. */
  chunk(): void {
    this.progress += 1;
    this.#chunks += 1;
    const most = CHUNKS_FREE + (this.isRead ? this.length / LEAST_CHUNK : 0);
    if (this.#chunks > most) throw protocolError('a request was answered in too many chunks');
  }

  dataStart(_offset: number, _length: number): void {
    throw this.#unfit();
  }

  data(_slab: Slab, _start: number, _end: number): void {
    throw this.#unfit();
  }

  hole(_offset: number, _length: number): void {
    throw this.#unfit();
  }

  status(_status: BlockStatus): void {
    throw this.#unfit();
  }

  /** An error from the server; the first one counts (imageio 8.6). */
  refused(errno: number, message: string): void {
    const text = message === '' ? `error ${errno}` : `error ${errno}: ${message}`;
    this.#error ??= new NbdError('NBD_REPLY', `the NBD server answers ${text}`, { errno });
  }

  /** The answer is complete. May throw `NBD_PROTOCOL` if it is not. */
  abstract done(): void;

  /** The connection ended before the answer. */
  abstract lost(error: NbdError): void;

  #unfit(): NbdError {
    return protocolError(`a reply that does not fit a request of type ${this.type}`);
  }
}
