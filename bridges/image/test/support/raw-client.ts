import { connect as connectPlain, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RawTarget {
  readonly socketPath?: string;
  readonly url?: string;
  readonly ca?: string;
}

const LIMIT_MS = 10_000;

/** Speaks HTTP by bytes, as the recorder did: it sends what it is told, and takes answers apart itself. */
export class RawClient implements Disposable {
  readonly socket: Socket;
  /** What has come and was not taken: joined only when it is looked into. */
  #pieces: Buffer[] = [];
  #length = 0;
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => {
      this.#pieces.push(bytes);
      this.#length += bytes.length;
      this.#wake();
    });
    socket.on('error', () => this.#end());
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
  }

  static async open(target: RawTarget): Promise<RawClient> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket =
      target.url === undefined ? connectPlain({ path: target.socketPath ?? '', allowHalfOpen: true }, resolve) : tls(target, resolve);
    socket.once('error', reject);
    await promise;
    return new RawClient(socket);
  }

  /** Whether the other side has ended the connection. */
  get ended(): boolean {
    return this.#ended;
  }

  get received(): number {
    return this.#length;
  }

  send(text: string): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.from(text, 'latin1'));
  }

  /** The next answer. `headOnly` for answers to HEAD. */
  async answer(headOnly = false): Promise<RawAnswer> {
    const end = await this.#waitFor(() => this.#joined().indexOf('\r\n\r\n'), 'the head of an answer');
    const lines = this.#take(end).toString('latin1').split('\r\n');
    this.#take(4);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(lines[0] ?? '')?.[1]);
    const headers = Object.fromEntries(lines.slice(1).map((line) => splitHeader(line)));
    const length = headOnly || status < 200 ? 0 : Number(headers['content-length'] ?? 0);
    await this.#waitFor(() => (this.#length >= length ? 1 : -1), `${length} bytes of a body`);
    return { status, headers, body: this.#take(length) };
  }

  /** Resolves when the other side has ended the connection. */
  async closed(): Promise<void> {
    await this.#waitFor(() => (this.#ended ? 1 : -1), 'the end of the connection', true);
  }

  /** True when the connection still answers. */
  async stillOpen(path = '/info/'): Promise<boolean> {
    this.send(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    try {
      await this.answer();
      return true;
    } catch {
      return false;
    }
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #take(length: number): Buffer {
    const all = this.#joined();
    this.#pieces = [all.subarray(length)];
    this.#length = all.length - length;
    return all.subarray(0, length);
  }

  #joined(): Buffer {
    const [first = Buffer.alloc(0), ...more] = this.#pieces;
    if (more.length > 0) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0] ?? first;
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }

  async #waitFor(found: () => number, what: string, endIsFine = false): Promise<number> {
    const deadline = performance.now() + LIMIT_MS;
    while (true) {
      const at = found();
      if (at >= 0) return at;
      if (this.#ended && !endIsFine) throw new Error(`the connection ended before ${what} came`);
      if (performance.now() > deadline) throw new Error(`${what} did not come in time`);
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, 250);
      this.#wake = resolve;
      await promise;
      clearTimeout(timer);
    }
  }
}

function tls(target: RawTarget, resolve: () => void): Socket {
  const { hostname, port } = new URL(target.url ?? '');
  // Known to Node, not to its types.
  const halfOpen = { allowHalfOpen: true };
  const options: ConnectionOptions = { host: hostname, port: Number(port), ...(target.ca && { ca: target.ca }), ...halfOpen };
  return connectTls(options, resolve);
}

function splitHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
