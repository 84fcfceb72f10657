import type { SendOptions, WireAnswer, WireRequest } from '../transport.ts';
import { Connector, type Destination } from './connect.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import { Exchange } from './exchange.ts';
import { requestHead } from './request-head.ts';

/** An idle connection is ended before common front ends end theirs, so that few calls meet a closed one. */
const IDLE_MS = 15_000;
const MOST_IDLE = 32;

interface Idle {
  readonly connection: Connection;
  readonly until: number;
}

/** The connections to one place: as many as there are requests at once; the one used last is used next. */
export class Pool implements ConnectionOwner {
  readonly #host: string;
  readonly #connector: Connector;
  readonly #all = new Set<Connection>();
  readonly #closed = new AbortController();
  #idle: Idle[] = [];
  #sweep: NodeJS.Timeout | undefined;

  constructor(to: Destination) {
    this.#host = to.url.host;
    this.#connector = new Connector(to);
  }

  /** @param target path and query, as they stand in the URL */
  send(request: WireRequest, target: string, options: SendOptions): Promise<WireAnswer> {
    const head = requestHead(request, target, this.#host);
    const exchange = new Exchange(request, options, this.#host);
    const kept = this.#kept();
    if (kept === undefined) void this.#connected(exchange, head, request);
    else kept.carry(exchange, head, request);
    return exchange.answer;
  }

  /** Ends idle connections and breaks busy ones. */
  close(): void {
    this.#closed.abort(new Error('The client was closed'));
    clearTimeout(this.#sweep);
    for (const connection of [...this.#all]) connection.cut();
  }

  free(connection: Connection, keepMs = IDLE_MS): void {
    if (this.#idle.length >= MOST_IDLE || this.#closed.signal.aborted) {
      connection.cut();
      return;
    }
    connection.rest();
    this.#idle.push({ connection, until: performance.now() + Math.min(keepMs, IDLE_MS) });
    this.#sweep ??= setTimeout(() => this.#cutOld(), IDLE_MS).unref();
  }

  gone(connection: Connection): void {
    this.#all.delete(connection);
    if (this.#idle.some((one) => one.connection === connection)) this.#idle = this.#idle.filter((one) => one.connection !== connection);
  }

  #kept(): Connection | undefined {
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.until <= performance.now()) {
        last.connection.cut();
        continue;
      }
      last.connection.wake();
      return last.connection;
    }
    return undefined;
  }

  /** Makes a connection for this exchange; its wait ends with it. */
  async #connected(exchange: Exchange, head: string, request: WireRequest): Promise<void> {
    const { signal, timeouts } = exchange.options;
    const waits = new AbortController();
    const timer = setTimeout(() => exchange.late(), timeouts.connect);
    const abort = (): void => exchange.fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    exchange.answer.catch(() => waits.abort());
    try {
      const connection = new Connection(await this.#connector.connect(AbortSignal.any([waits.signal, this.#closed.signal])), this);
      this.#all.add(connection);
      if (exchange.over || this.#closed.signal.aborted) connection.cut();
      else connection.carry(exchange, head, request);
    } catch (error) {
      exchange.broken(error as Error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  #cutOld(): void {
    const now = performance.now();
    this.#sweep = undefined;
    for (const { connection, until } of [...this.#idle]) if (until <= now) connection.cut();
    if (this.#idle.length > 0) this.#sweep = setTimeout(() => this.#cutOld(), IDLE_MS).unref();
  }
}
