import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ImageError } from '../../errors.ts';
import { RequestBody } from './request-body.ts';

/** Something kept for the life of a connection. */
export interface Holding {
  /** `idle`: no request was running. */
  release(idle: boolean): void;
}

const FIRST_INACTIVITY_S = 60;
const MAX_WAITING = 64;
/** How long the rest of a refused body is read, so that the refusal reaches the client before a reset does. */
const LINGER_MS = 2000;

/**
 * One client's connection (imageio 2.10): its requests run one after the other, although they may come at once; it ends when the client is silent for
 * too long while we wait for it.
 */
export class ClientConnection {
  readonly socket: Socket;
  readonly holdings = new Map<string, Holding>();
  body: RequestBody | undefined;
  response: ServerResponse | undefined;
  /** Set when the answer under way is the last one. */
  closing = false;
  readonly #abort = new AbortController();
  #inactivityS = FIRST_INACTIVITY_S;
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #inputEnded = false;

  constructor(socket: Socket) {
    this.socket = socket;
    this.setInactivity(FIRST_INACTIVITY_S);
    socket.once('close', () => this.#closed());
  }

  /** Aborted when the client has gone. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether a request runs or waits for its turn. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Resolves when every request so far is answered, or the client has gone. */
  get idle(): Promise<void> {
    return this.#turn;
  }

  /** The body of the request that runs now. */
  startBody(request: IncomingMessage, length: number): RequestBody {
    const body = new RequestBody(request, length);
    this.body = body;
    if (this.#inputEnded) body.cut();
    return body;
  }

  /** The client ended its side within a body. */
  inputEnded(): void {
    this.#inputEnded = true;
    this.body?.cut();
  }

  /** Runs `work` after everything that came before on this connection. */
  enqueue(work: () => Promise<void>): void {
    this.#waiting += 1;
    if (this.#waiting > MAX_WAITING) return void this.socket.destroy();
    this.#turn = this.#turn.then(async () => {
      if (!this.closing && !this.socket.destroyed) await work();
      this.#waiting -= 1;
    });
  }

  /** Seconds of silence that are tolerated; 0 = any. */
  setInactivity(seconds: number): void {
    this.#inactivityS = seconds;
    this.socket.setTimeout(seconds * 1000);
  }

  /** Whether the client, not the storage, is what the running request waits for. */
  waitsForClient(): boolean {
    const response = this.response;
    if (this.body?.waiting) return true;
    if (!response?.headersSent) return false;
    return response.writableNeedDrain || (response.writableEnded && !response.writableFinished);
  }

  /** The socket was silent for the tolerated time. */
  timedOut(): void {
    if (!this.response) return void this.socket.destroy();
    if (!this.waitsForClient()) {
      this.setInactivity(this.#inactivityS);
    } else if (this.body?.waiting && !this.response.headersSent) {
      this.body.fail(ImageError('IMAGE_BODY_STALLED', { seconds: this.#inactivityS }));
    } else {
      this.socket.destroy();
    }
  }

  /** Ends the connection after what was written, reading on for a moment when the client may still be sending. */
  linger(): void {
    this.closing = true;
    if (this.socket.destroyed) return;
    this.socket.end();
    const timer = setTimeout(() => this.socket.destroy(), LINGER_MS);
    timer.unref();
    this.socket.once('close', () => clearTimeout(timer));
    this.socket.resume();
  }

  #closed(): void {
    const idle = this.response === undefined;
    this.#abort.abort(new Error('the client has gone'));
    this.body?.cut();
    for (const holding of this.holdings.values()) holding.release(idle);
    this.holdings.clear();
  }
}
