import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import { matches, parseSearch } from '@fairlead/ovirt/codec';
import { OvirtError } from '../errors.ts';
import { eventCode, type Severity } from '../map/event.ts';
import { findEvent, insertEvent, listEvents, purgeEvents } from '../store/events.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import type { EventRow } from '../store/write-tables.ts';
import type { Caller } from './caller.ts';

/** Something that a person may want to read later. */
export interface NewEvent {
  readonly severity: Severity;
  readonly description: string;
  /** Whose it is: only he and root admins see it. */
  readonly owner: { readonly subject: string; readonly userId: string };
  readonly vmId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly origin?: string | undefined;
  readonly customId?: number | undefined;
}

export interface EventQuery {
  readonly search: string | undefined;
  readonly caseSensitive: boolean;
  /** Only events after this one. */
  readonly from: number;
  readonly max: number | undefined;
}

const RULES = { fields: ['severity', 'correlation_id', 'origin', 'message', 'description', 'vm', 'vms.id', 'custom_id'], freeText: true };
const PAGE = 100;
const MOST_READ = 10_000;
const MAX_TEXT = 4000;

/** Events of this gateway (ovirt 5.17). CloudStack's own stay in CloudStack: their ids do not grow. */
export class Events {
  readonly #store: OvirtStore;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(store: OvirtStore, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  async add(event: NewEvent): Promise<EventRow> {
    return await insertEvent(this.#store, {
      code: eventCode(event.severity),
      severity: event.severity,
      description: event.description.slice(0, MAX_TEXT),
      origin: (event.origin ?? 'fairlead').slice(0, 255),
      custom_id: event.customId ?? null,
      correlation_id: event.correlationId ?? null,
      subject: event.owner.subject,
      user_id: event.owner.userId,
      vm_id: event.vmId ?? null,
      time_ms: this.#clock.now(),
    });
  }

  /** As `add`, but never in the way of what it tells about. */
  async tell(event: NewEvent): Promise<void> {
    try {
      await this.add(event);
    } catch (error) {
      this.#log.error({ err: error, event: event.description }, 'an event could not be kept');
    }
  }

  /** Newest first. Throws `OVIRT_WIRE_BAD_SEARCH`. */
  async list(caller: Caller, query: EventQuery): Promise<readonly EventRow[]> {
    const { expression, page = 1 } = parseSearch(query.search, RULES);
    const subject = caller.isRootAdmin ? undefined : caller.subject;
    const rows = await listEvents(this.#store, { subject, from: query.from, limit: MOST_READ });
    const found = rows.filter((row) => matches(expression, (field) => fieldOf(row, field), { caseSensitive: query.caseSensitive }));
    const size = query.max ?? (query.search === undefined ? found.length : PAGE);
    return found.slice((page - 1) * size, page * size);
  }

  /** Throws `OVIRT_NOT_FOUND`. */
  async get(caller: Caller, id: string): Promise<EventRow> {
    const row = /^\d{1,15}$/.test(id) ? await findEvent(this.#store, Number(id)) : undefined;
    if (row === undefined || !(caller.isRootAdmin || row.subject === caller.subject)) throw OvirtError('OVIRT_NOT_FOUND', { id });
    return row;
  }

  async purge(beforeMs: number): Promise<void> {
    await purgeEvents(this.#store, beforeMs);
  }
}

function fieldOf(row: EventRow, field: string): string | undefined {
  switch (field) {
    case 'severity':
      return row.severity;
    case 'correlation_id':
      return row.correlation_id ?? undefined;
    case 'origin':
      return row.origin;
    case 'custom_id':
      return row.custom_id === null ? undefined : String(row.custom_id);
    case 'vm':
    case 'vms.id':
      return row.vm_id ?? undefined;
    case '':
      return [row.description, row.correlation_id ?? '', row.origin].join(' ');
    default:
      return row.description;
  }
}
