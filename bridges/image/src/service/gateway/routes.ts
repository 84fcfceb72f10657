import type { Clock } from '@fairlead/kernel/clock';
import type { Secrets } from '@fairlead/kernel/secrets';
import type { Store } from '@fairlead/kernel/store';
import { ImageError } from '../../errors.ts';
import type { ImageTables, RouteRow } from '../../tables.ts';

export interface NewRoute {
  readonly transferId: string;
  readonly ticket: string;
  readonly agentId: string;
  readonly hostId: string;
  readonly dataUrl: string;
  readonly ops: string;
  readonly size: number;
  readonly inactivityS: number;
}

const DIGEST_PURPOSE = 'image-route';
const REMEMBER_MS = 24 * 3_600_000;

/** Which agent carries which transfer; the proxy of any gateway on this store finds the host here (imageio 6.2). */
export class Routes {
  readonly #parts: { readonly store: Store; readonly secrets: Secrets; readonly clock: Clock };

  constructor(parts: { readonly store: Store; readonly secrets: Secrets; readonly clock: Clock }) {
    this.#parts = parts;
  }

  /** Throws `IMAGE_BUSY` when the transfer is known already. */
  async add(route: NewRoute): Promise<void> {
    const now = this.#parts.clock.now();
    await this.#db()
      .deleteFrom('image_routes')
      .where('ended_ms', '<', now - REMEMBER_MS)
      .execute();
    try {
      await this.#db()
        .insertInto('image_routes')
        .values({
          transfer_id: route.transferId,
          digest: this.#parts.secrets.digest(DIGEST_PURPOSE, route.ticket),
          agent: route.agentId,
          host_id: route.hostId,
          data_url: route.dataUrl,
          ops: route.ops,
          size: route.size,
          inactivity_s: route.inactivityS,
          created_ms: now,
          ended_ms: null,
        })
        .execute();
    } catch (error) {
      if (this.#parts.store.isUniqueViolation(error))
        throw ImageError('IMAGE_BUSY', { what: `The transfer ${route.transferId}` }, { cause: error });
      throw error;
    }
  }

  /** The open transfer of a ticket. */
  async findByTicket(ticket: string): Promise<RouteRow | undefined> {
    const digests = this.#parts.secrets.digests(DIGEST_PURPOSE, ticket);
    return this.#db().selectFrom('image_routes').selectAll().where('digest', 'in', digests).executeTakeFirst();
  }

  async find(transferId: string): Promise<RouteRow | undefined> {
    return this.#db().selectFrom('image_routes').selectAll().where('transfer_id', '=', transferId).executeTakeFirst();
  }

  async setSize(transferId: string, size: number): Promise<void> {
    await this.#db().updateTable('image_routes').set({ size }).where('transfer_id', '=', transferId).execute();
  }

  /** The proxy knows the ticket no more; its agent may still have to end it. */
  async detach(transferId: string): Promise<void> {
    await this.#db().updateTable('image_routes').set({ digest: null }).where('transfer_id', '=', transferId).execute();
  }

  /** Detached, but not ended on the agent yet. */
  async detached(): Promise<readonly RouteRow[]> {
    return this.#db().selectFrom('image_routes').selectAll().where('digest', 'is', null).where('ended_ms', 'is', null).execute();
  }

  /** The proxy knows the ticket no more; the transfer is remembered for a day. */
  async end(transferId: string): Promise<void> {
    await this.#db()
      .updateTable('image_routes')
      .set({ digest: null, ended_ms: this.#parts.clock.now() })
      .where('transfer_id', '=', transferId)
      .execute();
  }

  #db() {
    return this.#parts.store.tables<ImageTables>();
  }
}
