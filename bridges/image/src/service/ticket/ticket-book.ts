import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import type { Secrets } from '@fairlead/kernel/secrets';
import type { Store } from '@fairlead/kernel/store';
import { RangeList } from '../../map/ranges.ts';
import { steadyNow } from '../steady-clock.ts';
import { Ticket, type TicketGrant } from './ticket.ts';
import { type KeptTicket, TicketRows } from './ticket-rows.ts';

export interface TicketBookParts {
  readonly store: Store;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  readonly agent: string;
}

export type RemoveOutcome = 'removed' | 'absent' | 'stuck';

const DIGEST_PURPOSE = 'image-ticket';
/** Clients that neither read nor send get this long before their connection is cut on cancel. */
const CANCEL_GRACE_MS = 2000;
/** Progress and expiry of busy tickets reach the store this often. */
const SAVE_EVERY_MS = 1000;

/** The tickets of this agent: rows, with what runs at the moment in memory. */
export class TicketBook implements AsyncDisposable {
  readonly #parts: TicketBookParts;
  readonly #rows: TicketRows;
  readonly #now: () => number;
  readonly #live = new Map<string, Ticket>();
  readonly #unsaved = new Set<Ticket>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(parts: TicketBookParts) {
    this.#parts = parts;
    this.#rows = new TicketRows(parts.store, parts.agent);
    this.#now = steadyNow(parts.clock);
  }

  /** What stands in the row instead of the id. */
  digest(id: string): string {
    return this.#parts.secrets.digest(DIGEST_PURPOSE, id);
  }

  /** Makes a ticket, or replaces the one with this id. */
  async put(id: string, grant: TicketGrant): Promise<Ticket> {
    const kept: KeptTicket = {
      digest: this.digest(id),
      grant,
      expiresMs: this.#now() + grant.timeoutS * 1000,
      moved: new RangeList(),
      canceled: false,
    };
    await this.#rows.put(kept, this.#now());
    this.#live.delete(kept.digest);
    return this.#adopt(kept);
  }

  /** The ticket with this id, expired and cancelled ones too. */
  async find(id: string): Promise<Ticket | undefined> {
    const digests = this.#parts.secrets.digests(DIGEST_PURPOSE, id);
    for (const digest of digests) {
      const live = this.#live.get(digest);
      if (live) return live;
    }
    const kept = await this.#rows.find(digests);
    return kept && this.#adopt(kept);
  }

  async findByTransfer(transferId: string): Promise<Ticket | undefined> {
    const kept = await this.#rows.findByTransfer(transferId);
    return kept && this.#adopt(kept);
  }

  /**
   * Cancels what runs and removes the ticket (imageio 3.5). Clients that do not read are cut after a grace. `stuck`: an operation hung in the
   * storage; it was cut as well, but the ticket stays cancelled until the next call.
   */
  async remove(ticket: Ticket): Promise<RemoveOutcome> {
    ticket.canceled = true;
    await this.#rows.save(ticket);
    for (const operation of ticket.running) operation.cancel();
    const stuck = await this.#cutAfterGrace(ticket);
    for (const holder of [...ticket.holders]) holder.drop(ticket.digest);
    if (stuck) return 'stuck';
    this.#live.delete(ticket.digest);
    this.#unsaved.delete(ticket);
    await this.#rows.remove(ticket.digest);
    return 'removed';
  }

  async removeAll(): Promise<void> {
    for (const digest of await this.#rows.digests()) {
      const kept = this.#live.get(digest) ?? (await this.#rows.find([digest]));
      if (kept) await this.remove(kept instanceof Ticket ? kept : this.#adopt(kept));
    }
  }

  /** Saves what has changed; the tickets stay in the store. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await this.#saving;
    await this.#save();
  }

  async #cutAfterGrace(ticket: Ticket): Promise<boolean> {
    const running = ticket.running;
    if (running.length === 0) return false;
    const done = Promise.all(running.map((operation) => operation.ended)).then(() => true);
    const grace = new AbortController();
    const inTime = await Promise.race([done, this.#parts.clock.sleep(CANCEL_GRACE_MS, grace.signal).then(() => false)]);
    grace.abort();
    if (inTime) return false;
    const late = ticket.running;
    const stuck = late.some((operation) => !operation.waitsForClient());
    for (const operation of late) operation.cut();
    return stuck;
  }

  #adopt(kept: KeptTicket): Ticket {
    const known = this.#live.get(kept.digest);
    if (known) return known;
    const ticket: Ticket = new Ticket({
      ...kept,
      now: this.#now,
      changed: () => this.#changed(ticket),
      save: () => this.#rows.save(ticket),
    });
    this.#live.set(kept.digest, ticket);
    return ticket;
  }

  #changed(ticket: Ticket): void {
    this.#unsaved.add(ticket);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#saving = this.#save();
    }, SAVE_EVERY_MS).unref();
  }

  async #save(): Promise<void> {
    const changed = [...this.#unsaved];
    this.#unsaved.clear();
    for (const ticket of changed) {
      try {
        await this.#rows.save(ticket);
      } catch (error) {
        this.#parts.log.error({ err: error, transfer: ticket.grant.transferId }, 'the state of a ticket could not be saved');
      }
    }
  }
}
