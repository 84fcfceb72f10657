import { NBD_CMD_READ } from '../codec/wire.ts';
import { type NbdError, protocolError } from '../error.ts';
import type { Slab } from '../net/slabs.ts';
import { Pending } from '../pending.ts';

/** A part of a read that waits for its turn: a range of a slab, or zeroes if there is no slab. It holds a reference. */
interface Piece {
  readonly slab: Slab | undefined;
  start: number;
  end: number;
}

interface LatePiece extends Piece {
  readonly offset: number;
}

/** Whom a read request gives its parts, in order. */
export interface ReadOwner {
  accept(request: ReadRequest, slab: Slab | undefined, start: number, end: number): void;
  answered(request: ReadRequest): void;
}

/**
 * One READ on the wire. Chunks may come in any order; they must cover the range exactly once (imageio 8.6).
 * The part without gaps goes to the owner at once, the rest waits here.
 */
export class ReadRequest extends Pending {
  /** Parts in order that the owner could not pass on yet. */
  readonly held: Piece[] = [];
  complete = false;
  readonly #owner: ReadOwner;
  readonly #late: LatePiece[] = [];
  /** All before it was given to the owner. */
  #cursor: number;
  /** Where the next byte of the passing chunk belongs. */
  #at = 0;

  constructor(owner: ReadOwner, offset: number, length: number) {
    super(NBD_CMD_READ, offset, length);
    this.#owner = owner;
    this.#cursor = offset;
  }

  override dataStart(offset: number, length: number): void {
    this.#claim(offset, length);
    this.#at = offset;
  }

  override data(slab: Slab, start: number, end: number): void {
    this.progress += 1;
    this.#place(slab, start, end);
  }

  override hole(offset: number, length: number): void {
    this.#claim(offset, length);
    this.#at = offset;
    this.#place(undefined, 0, length);
  }

  override done(): void {
    const whole = this.#cursor === this.offset + this.length && this.#late.length === 0;
    if (!whole && !this.dropped && this.error === undefined) throw protocolError('a read was answered with gaps');
    this.complete = true;
    if (!this.dropped) this.#owner.answered(this);
  }

  override lost(_error: NbdError): void {
    // The operation ends with the connection.
  }

  /** Nobody wants the rest; gives back what is held. */
  drop(): void {
    this.dropped = true;
    for (const piece of [...this.held, ...this.#late]) piece.slab?.release();
    this.held.length = 0;
    this.#late.length = 0;
  }

  /** Keeps a part until its turn, as one with the part before it if it continues that one. */
  hold(slab: Slab | undefined, start: number, end: number): void {
    const before = this.held.at(-1);
    if (before !== undefined && slab !== undefined && before.slab === slab && before.end === start) {
      before.end = end;
      return;
    }
    slab?.retain();
    this.held.push({ slab, start, end });
  }

  #claim(offset: number, length: number): void {
    if (offset < this.offset || offset + length > this.offset + this.length) throw protocolError('a chunk outside of the range read');
    if (this.dropped) return;
    const overlaps = offset < this.#cursor || this.#late.some((late) => offset < lateEnd(late) && late.offset < offset + length);
    if (overlaps) throw protocolError('chunks that overlap');
  }

  #place(slab: Slab | undefined, start: number, end: number): void {
    const offset = this.#at;
    this.#at += end - start;
    if (this.dropped) return;
    if (offset !== this.#cursor) {
      this.#keepLate({ slab, start, end, offset });
      return;
    }
    this.#cursor += end - start;
    this.#owner.accept(this, slab, start, end);
    if (this.#late.length > 0) this.#promote();
  }

  #keepLate(piece: LatePiece): void {
    piece.slab?.retain();
    const after = this.#late.findIndex((late) => late.offset > piece.offset);
    this.#late.splice(after === -1 ? this.#late.length : after, 0, piece);
  }

  #promote(): void {
    for (let next = this.#late[0]; next?.offset === this.#cursor; next = this.#late[0]) {
      this.#late.shift();
      this.#cursor += next.end - next.start;
      this.#owner.accept(this, next.slab, next.start, next.end);
      next.slab?.release();
    }
  }
}

function lateEnd(late: LatePiece): number {
  return late.offset + late.end - late.start;
}
