/** A list of byte ranges without overlap, in order: what of an image was moved so far, each byte counted once (imageio 3.3). */
export class RangeList {
  /** Flat pairs: start, end (exclusive), start, end, … strictly ascending. */
  #edges: number[];

  constructor(pairs: readonly (readonly [number, number])[] = []) {
    this.#edges = [];
    for (const [start, end] of pairs) this.add(start, end);
  }

  /** Adds the bytes from `start` up to, not including, `end`; neighbours melt together. */
  add(start: number, end: number): void {
    if (end <= start) return;
    const from = this.#search(start, true);
    const to = this.#search(end, false);
    const head = from % 2 === 1 ? [] : [start];
    const tail = to % 2 === 1 ? [] : [end];
    this.#edges.splice(from, to - from, ...head, ...tail);
  }

  /** Bytes in all ranges. */
  get total(): number {
    let sum = 0;
    for (let index = 0; index < this.#edges.length; index += 2) sum += (this.#edges[index + 1] ?? 0) - (this.#edges[index] ?? 0);
    return sum;
  }

  /** Bytes from 0 on without a gap. */
  get contiguous(): number {
    return this.#edges[0] === 0 ? (this.#edges[1] ?? 0) : 0;
  }

  get pairs(): readonly (readonly [number, number])[] {
    const pairs: [number, number][] = [];
    for (let index = 0; index < this.#edges.length; index += 2) pairs.push([this.#edges[index] ?? 0, this.#edges[index + 1] ?? 0]);
    return pairs;
  }

  /** The union with others, as a new list. */
  with(others: Iterable<readonly [number, number]>): RangeList {
    const union = new RangeList(this.pairs);
    for (const [start, end] of others) union.add(start, end);
    return union;
  }

  /** Index of the first edge at or after `value` (`orEqual`), else after it: an odd index is inside of a range, or touches its end. */
  #search(value: number, orEqual: boolean): number {
    let low = 0;
    let high = this.#edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const edge = this.#edges[middle] ?? 0;
      if (orEqual ? edge < value : edge <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
