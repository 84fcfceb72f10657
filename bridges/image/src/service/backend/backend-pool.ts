import type { Log } from '@fairlead/kernel/log';
import { ImageError } from '../../errors.ts';
import type { Ticket, TicketHolder } from '../ticket/ticket.ts';
import type { Backend } from './backend.ts';
import { type BackendSettings, openBackend } from './open-backend.ts';

/** What a connection is to this pool. */
export interface BackendClient {
  readonly signal: AbortSignal;
  readonly holdings: Map<string, { release(idle: boolean): void }>;
}

/** Connections beside the copying ones: a tool asks OPTIONS and extents on two more (imageio 2.10). */
const SPARE = 2;

/** Keeps one backend for each connection and ticket, as long as the connection lives (imageio 2.10). */
export class BackendPool {
  readonly #settings: BackendSettings;
  readonly #log: Log;
  readonly #held = new WeakMap<BackendClient, Map<string, HeldBackend>>();

  constructor(settings: BackendSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
  }

  /** Throws `IMAGE_TOO_MANY_CONNECTIONS`, `IMAGE_BACKEND`. */
  async get(client: BackendClient, ticket: Ticket): Promise<Backend> {
    const known = this.#held.get(client)?.get(ticket.digest);
    if (known?.backend.usable) return known.backend;
    known?.drop(ticket.digest);
    if (ticket.holders.size >= this.#settings.maxConnections + SPARE)
      throw ImageError('IMAGE_TOO_MANY_CONNECTIONS', {}, { retryAfterS: 1 });
    const place: TicketHolder = { drop: () => undefined };
    ticket.holders.add(place);
    try {
      const backend = await openBackend(ticket, this.#settings, client.signal);
      const held = new HeldBackend(backend, ticket, () => this.#forget(client, ticket), this.#log);
      this.#hold(client, ticket, held);
      return backend;
    } finally {
      ticket.holders.delete(place);
    }
  }

  #hold(client: BackendClient, ticket: Ticket, held: HeldBackend): void {
    if (client.signal.aborted) {
      held.backend.destroy();
      throw client.signal.reason;
    }
    const all = this.#held.get(client) ?? new Map<string, HeldBackend>();
    this.#held.set(client, all.set(ticket.digest, held));
    client.holdings.set(ticket.digest, held);
    ticket.holders.add(held);
  }

  #forget(client: BackendClient, ticket: Ticket): void {
    this.#held.get(client)?.delete(ticket.digest);
    client.holdings.delete(ticket.digest);
  }
}

class HeldBackend implements TicketHolder {
  readonly backend: Backend;
  readonly #ticket: Ticket;
  readonly #forget: () => void;
  readonly #log: Log;

  constructor(backend: Backend, ticket: Ticket, forget: () => void, log: Log) {
    this.backend = backend;
    this.#ticket = ticket;
    this.#forget = forget;
    this.#log = log;
  }

  /** The ticket ends, the connection stays. */
  drop(_digest: string): void {
    this.#leave();
    this.backend.destroy();
  }

  /** The connection ends: in order when nothing was running, so that what was written is flushed. */
  release(idle: boolean): void {
    this.#leave();
    if (idle) this.backend.close().catch((error) => this.#complain(error));
    else this.backend.destroy();
  }

  #complain(error: unknown): void {
    this.#log.warn({ err: error, transfer: this.#ticket.grant.transferId }, 'a connection to the storage did not end in order');
  }

  #leave(): void {
    this.#ticket.holders.delete(this);
    this.#forget();
  }
}
