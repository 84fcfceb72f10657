import { createServer, type Server, type Socket } from 'node:net';
import { LineSplitter } from '../codec/line-splitter.ts';
import { bytesFromText } from '../codec/text.ts';

/** One connection as a script sees it. */
export interface PeerConnection {
  /** The connections are numbered from 0. */
  readonly index: number;
  /** Fires when the connection or the peer ends. */
  readonly signal: AbortSignal;
  /** The next line that the client sent; undefined when it went. */
  hear(): Promise<string | undefined>;
  /** Writes text as it is; resolves when the client has taken it, or went. */
  say(text: string): Promise<void>;
  /** Resets nothing and says nothing more: the socket is closed. */
  cut(): void;
}

/** What a peer does with one connection; the connection is closed when it returns. */
export type PeerScript = (connection: PeerConnection) => Promise<void>;

/** A scripted server, and a recorder of what it was told. */
export interface FakePeer extends AsyncDisposable {
  readonly socketPath: string;
  /** The lines that each connection sent, in order. */
  readonly heard: readonly (readonly string[])[];
  /** Connections that are open now. */
  readonly open: number;
}

/** Listens at a path that must be free and follows the script with each connection. */
export async function startPeer(socketPath: string, script: PeerScript): Promise<FakePeer> {
  const heard: string[][] = [];
  const voices = new Set<Voice>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const lines: string[] = [];
    const voice = new Voice(socket, heard.push(lines) - 1, lines);
    voices.add(voice);
    socket.on('close', () => voices.delete(voice));
    void script(voice).then(
      () => voice.cut(),
      () => voice.cut(),
    );
  });
  await listening(server, socketPath);
  return {
    socketPath,
    heard,
    get open() {
      return voices.size;
    },
    [Symbol.asyncDispose]: async () => {
      for (const voice of voices) voice.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server: Server, socketPath: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(socketPath, resolve);
  return promise;
}

class Voice implements PeerConnection {
  readonly index: number;
  readonly #socket: Socket;
  readonly #lines: string[];
  readonly #splitter = new LineSplitter(64 * 1024 * 1024);
  readonly #gone = new AbortController();
  #given = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket, index: number, lines: string[]) {
    this.#socket = socket;
    this.index = index;
    this.#lines = lines;
    socket.on('data', (piece) => {
      lines.push(...this.#splitter.push(piece).lines);
      this.#wake?.();
    });
    for (const event of ['end', 'error', 'close']) socket.on(event, () => this.#end());
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  async hear(): Promise<string | undefined> {
    while (this.#given >= this.#lines.length && !this.#ended) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    const line = this.#lines[this.#given];
    this.#given += 1;
    return line;
  }

  async say(text: string): Promise<void> {
    if (!this.#socket.writable) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.once('close', resolve);
    this.#socket.write(bytesFromText(text), () => resolve());
    await promise;
    this.#socket.off('close', resolve);
  }

  cut(): void {
    this.#socket.destroy();
  }

  #end(): void {
    this.#ended = true;
    this.#wake?.();
    this.#gone.abort();
  }
}
