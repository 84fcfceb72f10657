/** Known secret values, replaced wherever they turn up in a finished line. Bounded: the oldest is forgotten. */
export class Scrubber {
  readonly #values = new Set<string>();

  /** Values under 8 characters are left alone: replacing them would blot out ordinary words. */
  add(...values: readonly string[]): void {
    for (const value of values) {
      if (value.length < 8) continue;
      this.#values.add(value);
      this.#values.add(JSON.stringify(value).slice(1, -1));
      for (const oldest of this.#values) {
        if (this.#values.size <= 1000) break;
        this.#values.delete(oldest);
      }
    }
  }

  scrub(line: string): string {
    let clean = line;
    for (const value of this.#values) {
      if (clean.includes(value)) clean = clean.replaceAll(value, '[secret]');
    }
    return clean;
  }
}
