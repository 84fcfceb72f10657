/** A queue of bytes that is filled by chunks and emptied by numbers of bytes, without copies. */
export class ChunkList {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Takes the first `bytes`, or all there are. */
  take(bytes: number): Uint8Array[] {
    if (bytes >= this.#bytes) {
      const all = this.#chunks;
      this.#chunks = [];
      this.#bytes = 0;
      return all;
    }
    let missing = bytes;
    let count = 0;
    while (missing >= (this.#chunks[count]?.length ?? Number.POSITIVE_INFINITY)) {
      missing -= this.#chunks[count]?.length ?? 0;
      count += 1;
    }
    const taken = this.#chunks.splice(0, count);
    const cut = this.#chunks[0];
    if (missing > 0 && cut !== undefined) {
      taken.push(cut.subarray(0, missing));
      this.#chunks[0] = cut.subarray(missing);
    }
    this.#bytes -= bytes;
    return taken;
  }
}
