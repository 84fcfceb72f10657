/** Big enough for all that a unix socket's buffer holds at once (imageio 9.1). */
const SLAB_BYTES = 256 * 1024;
/** A slab with less room than this is not offered to the socket again. */
const LEAST_ROOM = 64 * 1024;
/** Slabs kept for the next connection, process-wide: 8 MiB. */
const KEPT = 32;

const spare: Buffer[] = [];

/**
 * A piece of memory the socket reads into. It is given back when the last reference is released, so that chunks can be
 * handed on without a copy. `release` is made once per slab: handing on a chunk costs no closure.
 */
export class Slab {
  readonly buffer: Buffer = spare.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
  readonly release: () => void;
  #references = 1;

  constructor(freed: () => void) {
    this.release = () => {
      this.#references -= 1;
      if (this.#references !== 0) return;
      if (spare.length < KEPT) spare.push(this.buffer);
      freed();
    };
  }

  retain(): void {
    this.#references += 1;
  }

  /** True if nobody but its reader needs it. */
  get exclusive(): boolean {
    return this.#references === 1;
  }
}

/** Gives a socket one place after the other to read into, and counts how many slabs are not yet given back. */
export class SlabReader {
  /** The slab of the latest read, and where in it that read began. */
  current: Slab;
  base = 0;
  /** Slabs in use, the current one included. */
  live = 0;
  /** Called when a slab was given back. */
  onFreed: () => void = () => {};
  #end = 0;
  readonly #freed = () => {
    this.live -= 1;
    this.onFreed();
  };

  constructor() {
    this.current = this.#take();
  }

  /** Where the next read goes: the rest of the current slab, all of it again if nobody kept a part, or a new one. */
  next(): Buffer {
    if (this.current.exclusive) this.#end = 0;
    if (SLAB_BYTES - this.#end < LEAST_ROOM) {
      const full = this.current;
      this.current = this.#take();
      this.#end = 0;
      full.release();
    }
    this.base = this.#end;
    return this.base === 0 ? this.current.buffer : this.current.buffer.subarray(this.base);
  }

  /** `bytes` of the place given last are filled. */
  filled(bytes: number): void {
    this.#end = this.base + bytes;
  }

  /** The socket is gone. */
  close(): void {
    this.current.release();
  }

  #take(): Slab {
    this.live += 1;
    return new Slab(this.#freed);
  }
}
