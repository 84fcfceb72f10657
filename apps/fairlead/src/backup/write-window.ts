const REQUEST_BYTES = 1024 * 1024;
const IN_FLIGHT = 4;

/** Gathers small pieces into requests of 1 MiB and keeps up to four of them under way; whoever adds more waits. */
export class WriteWindow {
  readonly #write: (offset: number, chunks: readonly Uint8Array[]) => Promise<void>;
  readonly #underWay = new Set<Promise<void>>();
  #offset: number;
  #chunks: Uint8Array[] = [];
  #gathered = 0;
  #failed: unknown;

  constructor(offset: number, write: (offset: number, chunks: readonly Uint8Array[]) => Promise<void>) {
    this.#offset = offset;
    this.#write = write;
  }

  /** Takes the piece over; a promise asks to wait before the next one. Throws what an earlier request failed with. */
  add(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#failed) throw this.#failed;
    this.#chunks.push(chunk);
    this.#gathered += chunk.length;
    if (this.#gathered < REQUEST_BYTES) return undefined;
    this.#send();
    return this.#underWay.size < IN_FLIGHT ? undefined : Promise.race(this.#underWay);
  }

  /** Writes the rest and resolves when everything is acknowledged. */
  async end(): Promise<void> {
    if (this.#gathered > 0 && !this.#failed) this.#send();
    await Promise.all(this.#underWay);
    if (this.#failed) throw this.#failed;
  }

  #send(): void {
    const writing = this.#write(this.#offset, this.#chunks).then(
      () => undefined,
      (error: unknown) => {
        this.#failed ??= error;
      },
    );
    this.#underWay.add(writing);
    void writing.then(() => this.#underWay.delete(writing));
    this.#offset += this.#gathered;
    this.#chunks = [];
    this.#gathered = 0;
  }
}
