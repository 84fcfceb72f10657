import { OvhError } from '../../errors/errors.ts';
import type { SendOptions, WireAnswer, WireRequest } from '../transport.ts';
import { Connector, type Destination } from './connect.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import { Exchange } from './exchange.ts';
import { requestHead } from './request-head.ts';

/** An idle connection is ended before common front ends end theirs, so that few calls meet a closed one. */
const IDLE_MS = 15_000;
const MOST_IDLE = 32;
/**
 * A POST cannot be sent again when it meets a connection that the server is just closing, or has closed while this program was busy:
 * it gets one that was used a moment ago, or a new one.
 */
const FRESH_MS = 1000;

interface Idle {
  readonly connection: Connection;
  readonly since: number;
  readonly until: number;
}

/** Once everything was read that has come in until now: the first turn of the loop may have asked for that already. */
function afterPoll(then: () => void): void {
  setImmediate(() => setImmediate(then));
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
    const isPost = request.method === 'POST';
    const kept = this.#kept(isPost ? FRESH_MS : IDLE_MS);
    if (kept === undefined) void this.#connected(exchange, head, request);
    else if (isPost || kept.restedMs >= FRESH_MS) afterPoll(() => this.#carriedOnce(kept.connection, exchange, head, request));
    else kept.connection.carry(exchange, head, request);
    return exchange.answer;
  }

  /** On the kept connection, unless its end was seen meanwhile. */
  #carriedOnce(kept: Connection, exchange: Exchange, head: string, request: WireRequest): void {
    const { signal } = exchange.options;
    if (kept.usable && !signal.aborted) {
      kept.carry(exchange, head, request);
      return;
    }
    kept.cut();
    if (signal.aborted) exchange.fail(signal.reason);
    else void this.#connected(exchange, head, request);
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
    const since = performance.now();
    this.#idle.push({ connection, since, until: since + Math.min(keepMs, IDLE_MS) });
    this.#sweep ??= setTimeout(() => this.#cutOld(), IDLE_MS).unref();
  }

  gone(connection: Connection): void {
    this.#all.delete(connection);
    if (this.#idle.some((one) => one.connection === connection)) this.#idle = this.#idle.filter((one) => one.connection !== connection);
  }

  /** The one that was used last, unless that is longer ago: then it is left to others. */
  #kept(freshMs: number): { readonly connection: Connection; readonly restedMs: number } | undefined {
    for (let last = this.#idle.at(-1); last !== undefined; last = this.#idle.at(-1)) {
      const { connection, since, until } = last;
      const now = performance.now();
      const restedMs = now - since;
      const usable = until > now && connection.usable;
      if (usable && restedMs >= freshMs) return undefined;
      this.#idle.pop();
      if (usable) {
        connection.wake();
        return { connection, restedMs };
      }
      connection.cut();
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
      if (error instanceof OvhError) exchange.fail(error);
      else exchange.broken(error as Error);
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
