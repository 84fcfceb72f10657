import { textFromBytes } from './text.ts';

const LF = 0x0a;
/** Room for the beginning of a line that is kept for the next one. */
const KEPT_BYTES = 64 * 1024;

/** What a piece of a stream completed. */
export interface SplitLines {
  /** Text of the lines, without their line feeds. */
  readonly lines: readonly string[];
  /** A line went over the limit: nothing is read from here on. */
  readonly tooLong: boolean;
}

/** Lines out of the pieces of a byte stream; a line feed ends a line wherever it stands. Keeps at most one line of the limit. */
export class LineSplitter {
  readonly #maxBytes: number;
  /** The beginning of a line, and room behind it: a peer may send each byte for itself. */
  #held = Buffer.alloc(0);
  #heldBytes = 0;
  #tooLong = false;

  /** `maxBytes`: the longest line without its line feed. Absent: 8 MiB (cce 1.1). */
  constructor(maxBytes = 8 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the line that is not complete yet. */
  get pendingBytes(): number {
    return this.#heldBytes;
  }

  push(piece: Uint8Array): SplitLines {
    if (this.#tooLong) return { lines: [], tooLong: true };
    const last = piece.lastIndexOf(LF);
    if (last < 0) {
      this.#hold(piece);
      return { lines: [], tooLong: this.#tooLong };
    }
    const lines = this.#complete(piece.subarray(0, last));
    if (!this.#tooLong) this.#hold(piece.subarray(last + 1));
    return { lines, tooLong: this.#tooLong };
  }

  /** The lines of what is held and the block behind it, whose closing line feed is cut off. */
  #complete(block: Uint8Array): readonly string[] {
    const whole = this.#withHeld(block);
    this.#heldBytes = 0;
    const fitting = whole.length <= this.#maxBytes ? whole.length : this.#fittingBytes(whole);
    if (fitting < 0) return [];
    // The text is a copy, so what is held may be written over. A line feed is never inside a UTF-8 sequence, so one decoding serves for all the lines.
    return textFromBytes(whole.subarray(0, fitting)).split('\n');
  }

  /** How many bytes the lines before the first one beyond the limit have; -1 when it is the first. */
  #fittingBytes(bytes: Uint8Array): number {
    let start = 0;
    while (start <= bytes.length) {
      const found = bytes.indexOf(LF, start);
      const end = found < 0 ? bytes.length : found;
      if (end - start > this.#maxBytes) {
        this.#tooLong = true;
        return start - 1;
      }
      start = end + 1;
    }
    return bytes.length;
  }

  #withHeld(block: Uint8Array): Uint8Array {
    if (this.#heldBytes === 0) return block;
    this.#append(block);
    return this.#held.subarray(0, this.#heldBytes);
  }

  #hold(piece: Uint8Array): void {
    if (this.#heldBytes === 0 && this.#held.length > KEPT_BYTES) this.#held = Buffer.alloc(0);
    if (this.#heldBytes + piece.length <= this.#maxBytes) {
      this.#append(piece);
      return;
    }
    this.#tooLong = true;
    this.#held = Buffer.alloc(0);
    this.#heldBytes = 0;
  }

  #append(piece: Uint8Array): void {
    const bytes = this.#heldBytes + piece.length;
    if (bytes > this.#held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(bytes, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(piece, this.#heldBytes);
    this.#heldBytes = bytes;
  }
}
