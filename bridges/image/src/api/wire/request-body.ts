import type { IncomingMessage } from 'node:http';
import { texts } from '@fairlead/imageio/codec';
import { ImageError } from '../../errors.ts';

/** The body of one request, read piece by piece with back pressure. Knows whether it waits for the client. */
export class RequestBody {
  received = 0;
  waiting = false;
  readonly #request: IncomingMessage;
  readonly #length: number;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(request: IncomingMessage, length: number) {
    this.#request = request;
    this.#length = length;
    const wake = () => this.#wake();
    for (const event of ['readable', 'end', 'close', 'error']) request.on(event, wake);
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

  /** Exactly the announced bytes. Throws `IMAGE_BODY_CUT` when the client goes before, or what `fail` was given. */
  async *chunks(): AsyncGenerator<Buffer> {
    yield* this.available();
    if (this.failure) throw this.failure;
  }

  /** What comes of the announced bytes, ending early with `failure`: for writers that keep what came. */
  async *available(): AsyncGenerator<Buffer> {
    while (!this.consumed) {
      const chunk: Buffer | null = this.#request.read();
      if (chunk !== null) {
        this.received += chunk.length;
        yield chunk;
      } else if (this.#failure) {
        return;
      } else if (this.#request.readableEnded || this.#request.destroyed) {
        this.cut();
      } else {
        await this.#more();
      }
    }
    this.#request.resume();
  }

  /** Reads a small body whole. */
  async whole(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks()) chunks.push(chunk);
    return Buffer.concat(chunks);
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

  async #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    this.waiting = true;
    await promise;
    this.waiting = false;
  }
}
