import type { Duplex } from 'node:stream';
import { bytesFromText } from '../codec/text.ts';

/** Text that is given to the stream at once, without waiting for more. */
const FLUSH_CHARS = 64 * 1024;

/**
 * Writes replies in order. Those that follow each other without a pause leave together; when the peer does not read, `write` waits, and
 * gives the connection up after the limit. Nothing fails when the peer is gone.
 */
export class ReplyWriter {
  readonly #stream: Duplex;
  readonly #timeoutMs: number;
  #text = '';
  #scheduled = false;
  #full = false;

  constructor(stream: Duplex, timeoutMs: number) {
    this.#stream = stream;
    this.#timeoutMs = timeoutMs;
  }

  /** Whether the peer cannot hear any more. */
  get lost(): boolean {
    return !this.#isOpen();
  }

  async write(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= FLUSH_CHARS) this.#flush();
    else this.#flushSoon();
    if (this.#full) await this.#drained();
  }

  /** Gives everything to the stream and ends it. */
  end(): void {
    this.#flush();
    if (this.#isOpen()) this.#stream.end();
  }

  #flushSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(this.#onTick);
  }

  #flush(): void {
    if (this.#text === '') return;
    const bytes = bytesFromText(this.#text);
    this.#text = '';
    if (this.#isOpen()) this.#full = !this.#stream.write(bytes);
  }

  #isOpen(): boolean {
    return !this.#stream.destroyed && this.#stream.writable;
  }

  readonly #onTick = (): void => {
    this.#scheduled = false;
    this.#flush();
  };

  async #drained(): Promise<void> {
    if (this.#isOpen() && this.#stream.writableNeedDrain) await nextDrain(this.#stream, this.#timeoutMs);
    this.#full = false;
  }
}

function nextDrain(stream: Duplex, timeoutMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => stream.destroy(), timeoutMs);
  const done = (): void => {
    clearTimeout(timer);
    stream.off('drain', done).off('close', done);
    resolve();
  };
  stream.on('drain', done).on('close', done);
  return promise;
}
