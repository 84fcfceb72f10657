import type { CscpClient } from '../client/client.ts';

interface Rested {
  readonly key: string;
  readonly client: CscpClient;
  readonly timer: NodeJS.Timeout;
}

/** Authenticated connections that wait for the next command of their identity. */
export class IdleConnections {
  readonly #maxPerKey: number;
  readonly #lifeMs: number;
  /** In the order in which they came to rest. */
  readonly #rested = new Set<Rested>();

  constructor(maxPerKey: number, lifeMs: number) {
    this.#maxPerKey = maxPerKey;
    this.#lifeMs = lifeMs;
  }

  get count(): number {
    return this.#rested.size;
  }

  /** The one of the identity that rested last. */
  take(key: string): CscpClient | undefined {
    const found = this.#of(key).at(-1);
    if (found) this.#remove(found);
    return found?.client;
  }

  put(key: string, client: CscpClient): void {
    const [oldest, ...others] = this.#of(key);
    if (oldest && others.length + 1 >= this.#maxPerKey) this.#end(oldest);
    const rested: Rested = { key, client, timer: setTimeout(() => this.#end(rested), this.#lifeMs).unref() };
    this.#rested.add(rested);
    if (this.#maxPerKey < 1) this.#end(rested);
  }

  /** One that is closed is of no use. */
  drop(client: CscpClient): void {
    for (const rested of this.#rested) {
      if (rested.client === client) this.#remove(rested);
    }
  }

  /** Ends the one that rests longest, whosever it is. */
  evictOldest(): void {
    const [oldest] = this.#rested;
    if (oldest) this.#end(oldest);
  }

  /** Ends those of one identity, or all. */
  end(key?: string): void {
    for (const rested of this.#rested) {
      if (key === undefined || rested.key === key) this.#end(rested);
    }
  }

  #of(key: string): readonly Rested[] {
    return [...this.#rested].filter((rested) => rested.key === key);
  }

  #remove(rested: Rested): void {
    clearTimeout(rested.timer);
    this.#rested.delete(rested);
  }

  #end(rested: Rested): void {
    this.#remove(rested);
    rested.client.destroy();
  }
}
