import type { Socket } from 'node:net';
import type { WireRequest } from '../transport.ts';
import type { Carrier, Exchange } from './exchange.ts';

/** What the pool wants to know of its connections. */
export interface ConnectionOwner {
  /** Free for the next request, for so many ms (undefined: as long as the owner likes). */
  free(connection: Connection, keepMs: number | undefined): void;
  gone(connection: Connection): void;
}

/**
 * One connection, and the exchange that is on it. Timer and listener stay from one exchange to the next: most calls of a client
 * have the same deadlines and the same signal.
 */
export class Connection implements Carrier {
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  #exchange: Exchange | undefined;
  #error: Error | undefined;
  #paused = false;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = 0;
  #signal: AbortSignal | undefined;

  constructor(socket: Socket, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('end', () => this.#ended(undefined));
    socket.on('close', () => this.#ended(this.#error));
    // A tunnel was paused, so that nothing was lost before somebody listened.
    socket.resume();
  }

  /** Sends a request whose head is ready; the exchange gets the answer. */
  carry(exchange: Exchange, head: string, { body }: Pick<WireRequest, 'body'>): void {
    this.#exchange = exchange;
    this.#follow(exchange.options.signal);
    exchange.begin(this);
    const socket = this.#socket;
    if (body === undefined || body.length === 0) {
      socket.write(head, 'latin1');
      return;
    }
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body);
    socket.uncork();
  }

  /** False once the end or an error was seen, even before the socket says that it is closed. */
  get usable(): boolean {
    return this.#socket.writable && this.#socket.readable;
  }

  /** An idle connection keeps no program alive. */
  rest(): void {
    this.#socket.unref();
  }

  wake(): void {
    this.#socket.ref();
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }

  arm(ms: number): void {
    if (this.#timer !== undefined && this.#timerMs === ms) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#timerMs = ms;
    // The socket keeps the program alive, as long as somebody waits for it.
    this.#timer = setTimeout(() => this.#exchange?.late(), ms).unref();
  }

  done(keepMs: number | undefined): void {
    this.#exchange = undefined;
    // The server answered before it had read everything: the rest of the request would be read as the next one.
    if (keepMs === 0 || this.#socket.writableLength > 0 || !this.#socket.writable) this.cut();
    else this.#owner.free(this, keepMs);
  }

  cut(): void {
    this.#leave();
    this.#socket.destroy();
  }

  #leave(): void {
    this.#owner.gone(this);
    clearTimeout(this.#timer);
    this.#follow(undefined);
  }

  #follow(signal: AbortSignal | undefined): void {
    if (signal === this.#signal) return;
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => this.#exchange?.fail(this.#signal?.reason);

  #read(bytes: Buffer): void {
    const exchange = this.#exchange;
    try {
      // Words that nobody asked for: whatever follows cannot be told from an answer.
      if (exchange === undefined || !exchange.read(bytes)) this.cut();
    } catch (error) {
      exchange?.broken(error as Error);
    }
  }

  #ended(error: Error | undefined): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.disconnected(error);
    this.cut();
  }
}
