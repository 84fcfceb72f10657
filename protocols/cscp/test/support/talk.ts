import { connect, type Socket } from 'node:net';
import { until } from '@fairlead/testkit/until';

/** A socket that is written to and read by hand. */
export class Talk implements AsyncDisposable {
  readonly socket: Socket;
  #text = '';
  #ended = false;

  constructor(socketPath: string) {
    this.socket = connect({ path: socketPath, allowHalfOpen: true });
    this.socket.setEncoding('latin1').on('data', (text) => {
      this.#text += text;
    });
    this.socket.on('end', () => {
      this.#ended = true;
    });
    this.socket.on('error', () => undefined);
  }

  /** What was read so far. */
  get text(): string {
    return this.#text;
  }

  /** Writes bytes in one piece. */
  say(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** What was read when the text ends like that. */
  async upTo(end: string): Promise<string> {
    await until(() => this.#text.endsWith(end), { what: `${JSON.stringify(end)} after ${JSON.stringify(this.#text.slice(-200))}` });
    return this.#text;
  }

  /** All that was read when the peer has ended. */
  async all(): Promise<string> {
    await until(() => this.#ended, { what: `the end after ${JSON.stringify(this.#text.slice(-200))}` });
    return this.#text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
  }
}
