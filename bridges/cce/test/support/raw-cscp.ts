import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { until } from '@fairlead/testkit/until';

const FINAL = /^(?:201|202|400|401|402|403|998|999) /;

/** A peer that speaks CSCP by hand, so that a test sees the bytes of the server. */
export class RawCscp implements Disposable {
  readonly #socket: Socket;
  #text = '';
  #isOver = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#text += text;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#isOver = true;
    });
  }

  /** Connects and reads the greeting away unless told not to. */
  static async open(path: string, options: { readonly greeting?: boolean } = {}): Promise<RawCscp> {
    const socket = createConnection({ path });
    const peer = new RawCscp(socket);
    await once(socket, 'connect');
    if (options.greeting !== false) await peer.linesThrough(/^200 READY$/);
    return peer;
  }

  send(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** The lines up to the first that matches, in order. */
  async linesThrough(pattern: RegExp): Promise<readonly string[]> {
    return until(
      () => {
        const lines = this.#text.split('\n').slice(0, -1);
        const last = lines.findIndex((line) => pattern.test(line));
        if (last < 0 && this.#isOver) throw new Error(`closed after: ${this.#text}`);
        if (last < 0) return undefined;
        this.#text = this.#text
          .split('\n')
          .slice(last + 1)
          .join('\n');
        return lines.slice(0, last + 1);
      },
      { what: `${pattern} from the server, which said: ${this.#text.slice(-300)}` },
    );
  }

  /** Sends one line and gives its reply. */
  ask(line: string): Promise<readonly string[]> {
    this.send(`${line}\n`);
    return this.reply();
  }

  reply(): Promise<readonly string[]> {
    return this.linesThrough(FINAL);
  }

  /** All that is left to read until the server closes. */
  async rest(): Promise<string> {
    await until(() => this.#isOver, { what: 'the end of the connection' });
    return this.#text;
  }

  /** What was said and not read yet. */
  get pending(): string {
    return this.#text;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
