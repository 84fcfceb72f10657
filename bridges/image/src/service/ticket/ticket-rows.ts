import { parseBackendUrl, type TicketOperation } from '@fairlead/imageio/codec';
import type { Store } from '@fairlead/kernel/store';
import { RangeList } from '../../map/ranges.ts';
import type { ImageTables, TicketRow } from '../../tables.ts';
import type { Ticket, TicketFailure, TicketGrant } from './ticket.ts';

export interface KeptTicket {
  readonly digest: string;
  readonly grant: TicketGrant;
  readonly expiresMs: number;
  readonly moved: RangeList;
  readonly canceled: boolean;
  readonly failure?: TicketFailure;
}

/** The rows of `image_tickets` of one agent. */
export class TicketRows {
  readonly #store: Store;
  readonly #agent: string;

  constructor(store: Store, agent: string) {
    this.#store = store;
    this.#agent = agent;
  }

  async find(digests: readonly string[]): Promise<KeptTicket | undefined> {
    const row = await this.#db()
      .selectFrom('image_tickets')
      .selectAll()
      .where('digest', 'in', digests)
      .where('agent', '=', this.#agent)
      .executeTakeFirst();
    return row && fromRow(row);
  }

  async findByTransfer(transferId: string): Promise<KeptTicket | undefined> {
    const query = this.#db().selectFrom('image_tickets').selectAll().where('transfer_id', '=', transferId).where('agent', '=', this.#agent);
    const row = await query.executeTakeFirst();
    return row && fromRow(row);
  }

  async digests(): Promise<readonly string[]> {
    const rows = await this.#db().selectFrom('image_tickets').select('digest').where('agent', '=', this.#agent).execute();
    return rows.map((row) => row.digest);
  }

  async put(ticket: KeptTicket, createdMs: number): Promise<void> {
    const { digest, ...facts } = toRow(ticket, this.#agent, createdMs);
    await this.#db()
      .insertInto('image_tickets')
      .values({ digest, ...facts })
      .onConflict((conflict) => conflict.column('digest').doUpdateSet(facts))
      .execute();
  }

  /** What changes while a ticket is used. */
  async save(ticket: Ticket): Promise<void> {
    await this.#db()
      .updateTable('image_tickets')
      .set({
        expires_ms: Math.round(ticket.expiresMs),
        moved: JSON.stringify(ticket.movedRanges.pairs),
        canceled: ticket.canceled ? 1 : 0,
        failure_code: ticket.failure?.code ?? null,
        failure_text: ticket.failure?.text ?? null,
      })
      .where('digest', '=', ticket.digest)
      .execute();
  }

  async remove(digest: string): Promise<void> {
    await this.#db().deleteFrom('image_tickets').where('digest', '=', digest).where('agent', '=', this.#agent).execute();
  }

  #db() {
    return this.#store.tables<ImageTables>();
  }
}

function toRow({ digest, grant, expiresMs, moved, canceled, failure }: KeptTicket, agent: string, createdMs: number): TicketRow {
  return {
    digest,
    agent,
    transfer_id: grant.transferId,
    size: grant.size,
    ops: grant.ops.join(','),
    timeout_s: grant.timeoutS,
    inactivity_s: grant.inactivityS,
    expires_ms: Math.round(expiresMs),
    sparse: grant.sparse ? 1 : 0,
    dirty: grant.dirty ? 1 : 0,
    url: grant.url,
    filename: grant.filename ?? null,
    moved: JSON.stringify(moved.pairs),
    canceled: canceled ? 1 : 0,
    failure_code: failure?.code ?? null,
    failure_text: failure?.text ?? null,
    created_ms: Math.round(createdMs),
  };
}

function fromRow(row: TicketRow): KeptTicket {
  return {
    digest: row.digest,
    grant: {
      transferId: row.transfer_id,
      size: row.size,
      ops: row.ops.split(',').filter((word): word is TicketOperation => word === 'read' || word === 'write'),
      timeoutS: row.timeout_s,
      inactivityS: row.inactivity_s,
      sparse: row.sparse === 1,
      dirty: row.dirty === 1,
      url: row.url,
      backend: parseBackendUrl(row.url),
      ...(row.filename !== null && { filename: row.filename }),
    },
    expiresMs: row.expires_ms,
    moved: new RangeList(JSON.parse(row.moved) as [number, number][]),
    canceled: row.canceled === 1,
    ...(row.failure_code !== null && { failure: { code: row.failure_code, text: row.failure_text ?? '' } }),
  };
}
