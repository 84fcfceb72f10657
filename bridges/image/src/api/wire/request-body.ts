import type { IncomingMessage } from 'node:http';
import { texts } from '@fairlead/imageio/codec';
import { ImageError } from '../../errors.ts';

/** A reader is woken for no less than this, unless no more comes: TLS gives pieces of 16 KiB, and a turn of promises for each would cost as much as the copying. */
const BATCH_BYTES = 256 * 1024;
/** What may wait for the reader before the client is held back. */
const HELD_BYTES = 1024 * 1024;

/** The body of one request, taken in batches of pieces, with back pressure. Knows whether it waits for the client. */
export class RequestBody {
  received = 0;
  waiting = false;
  readonly #request: IncomingMessage;
  readonly #length: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(request: IncomingMessage, length: number) {
    this.#request = request;
    this.#length = length;
    request.on('data', (piece: Buffer) => this.#take(piece));
    for (const event of ['end', 'close', 'error']) request.on(event, () => this.#ended());
    this.#takeRest();
    if (request.readableEnded || request.destroyed) this.#ended();
  }

  /** All bytes have been taken. */
  get consumed(): boolean {
    return this.received >= this.#length;
  }

  /** Why the rest does not come; the client cut it, or was silent for too long. */
  get failure(): Error | undefined {
    if (!ImageError.is(this.#failure, 'IMAGE_BODY_CUT')) return this.#failure;
    return ImageError('IMAGE_BODY_CUT', { text: texts.bodyCut(this.#length, this.received) });
  }

  /** What comes of the announced bytes, ending early with `failure`: for writers that keep what came. */
  async *batches(): AsyncGenerator<readonly Buffer[]> {
    while (!this.consumed) {
      if (this.#heldBytes > 0 && this.#ripe) yield this.#give();
      else if (!this.#failure) await this.#more();
      else if (!this.#takeRest()) return;
    }
  }

  /** Reads a small body whole. Throws `IMAGE_BODY_CUT` when the client goes before, or what `fail` was given. */
  async whole(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const batch of this.batches()) pieces.push(...batch);
    if (this.failure) throw this.failure;
    return Buffer.concat(pieces);
  }

  /** The client ended its side before the body was complete. */
  cut(): void {
    this.fail(ImageError('IMAGE_BODY_CUT', { text: texts.bodyCut(this.#length, this.received) }));
  }

  /** What was received before is still handed out. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  /** There is enough for the reader, or there will not be more. */
  get #ripe(): boolean {
    return this.#heldBytes >= BATCH_BYTES || this.#failure !== undefined || this.received + this.#heldBytes >= this.#length;
  }

  #take(piece: Buffer): void {
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    if (this.#heldBytes >= HELD_BYTES) this.#request.pause();
    if (this.waiting && this.#ripe) this.#wake();
  }

  /** What had come already; whether there was anything. */
  #takeRest(): boolean {
    const before = this.#heldBytes;
    // Reading makes the stream tell of what it gives.
    while (this.#request.read() !== null);
    return this.#heldBytes > before;
  }

  #give(): readonly Buffer[] {
    const batch = this.#held;
    this.received += this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
    if (this.#request.isPaused()) this.#request.resume();
    return batch;
  }

  #ended(): void {
    if (this.received + this.#heldBytes < this.#length) this.cut();
  }

  async #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    this.waiting = true;
    await promise;
    this.waiting = false;
  }
}
