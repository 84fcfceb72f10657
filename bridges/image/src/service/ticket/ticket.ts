import { type BackendUrl, type TicketOperation, texts } from '@fairlead/imageio/codec';
import { ImageError } from '../../errors.ts';
import type { RangeList } from '../../map/ranges.ts';
import { Operation } from './operation.ts';

/** What a ticket grants. Sizes in bytes, times in seconds. */
export interface TicketGrant {
  readonly transferId: string;
  readonly size: number;
  readonly ops: readonly TicketOperation[];
  readonly timeoutS: number;
  readonly inactivityS: number;
  readonly sparse: boolean;
  readonly dirty: boolean;
  readonly url: string;
  readonly backend: BackendUrl;
  readonly filename?: string;
}

export interface TicketFailure {
  readonly code: string;
  readonly text: string;
}

/** Something that holds a backend for a ticket: a client's connection. */
export interface TicketHolder {
  /** Closes its backend of this ticket; the connection itself stays (imageio 3.5). */
  drop(digest: string): void;
}

export interface TicketParts {
  readonly digest: string;
  readonly grant: TicketGrant;
  readonly now: () => number;
  readonly expiresMs: number;
  readonly moved: RangeList;
  readonly canceled: boolean;
  readonly failure?: TicketFailure;
  /** Called when something has changed that a row has to remember. */
  readonly changed: () => void;
  /** Writes the row now; without it there is none. */
  readonly save?: () => Promise<void>;
}

/** A grant in use: who works with it, what it has moved, when it ends (imageio 3.3, 3.4). */
export class Ticket {
  readonly digest: string;
  readonly grant: TicketGrant;
  readonly holders = new Set<TicketHolder>();
  expiresMs: number;
  canceled: boolean;
  failure: TicketFailure | undefined;
  readonly #now: () => number;
  readonly #moved: RangeList;
  readonly #changed: () => void;
  readonly #save: (() => Promise<void>) | undefined;
  readonly #running = new Set<Operation>();
  #accessedMs: number;

  constructor(parts: TicketParts) {
    this.digest = parts.digest;
    this.grant = parts.grant;
    this.expiresMs = parts.expiresMs;
    this.canceled = parts.canceled;
    this.failure = parts.failure;
    this.#now = parts.now;
    this.#moved = parts.moved;
    this.#changed = parts.changed;
    this.#save = parts.save;
    this.#accessedMs = parts.now();
  }

  /** Write implies read. Throws `IMAGE_TICKET_FORBIDDEN`. */
  authorize(operation: TicketOperation): void {
    const { transferId, ops } = this.grant;
    if (this.expiresMs <= this.#now()) throw forbidden(texts.expired(transferId));
    if (this.canceled) throw forbidden(texts.canceled(transferId));
    if (!this.mayWrite && (operation === 'write' || !ops.includes('read'))) throw forbidden(texts.forbids(transferId, operation));
  }

  get mayWrite(): boolean {
    return this.grant.ops.includes('write');
  }

  /**
   * Runs one operation; touches the ticket when it ends, well or not, but not when it was cancelled. Of a file that comes as it is only the row
   * knows which bytes came: it is written before the client is told, so that no restart loses them.
   */
  async run<T>(start: number, connection: AbortSignal, work: (operation: Operation) => Promise<T>): Promise<T> {
    const result = await this.#operate(start, connection, work);
    if (this.mayWrite && this.grant.backend.kind === 'file') await this.#save?.();
    return result;
  }

  async #operate<T>(start: number, connection: AbortSignal, work: (operation: Operation) => Promise<T>): Promise<T> {
    if (this.canceled) throw forbidden(texts.canceledDuring(this.grant.transferId));
    const operation = new Operation(this.grant.transferId, start, connection);
    this.#running.add(operation);
    try {
      const result = await work(operation);
      if (this.canceled) throw forbidden(texts.canceledDuring(this.grant.transferId));
      return result;
    } catch (error) {
      if (this.canceled) throw forbidden(texts.canceledDuring(this.grant.transferId));
      throw error;
    } finally {
      this.#running.delete(operation);
      if (!this.canceled) this.#moved.add(operation.start, operation.start + operation.done);
      if (!this.canceled) this.touch();
      operation.finish();
    }
  }

  /** Begins the timeout anew. */
  touch(): void {
    this.extend(this.grant.timeoutS);
    this.#accessedMs = this.#now();
  }

  /** Sets the end once, without changing the timeout; also revives an expired ticket. */
  extend(seconds: number): void {
    this.expiresMs = this.#now() + seconds * 1000;
    this.#changed();
  }

  /** The image cannot be served any more: requests are refused at once. */
  fail(failure: TicketFailure): void {
    this.failure ??= failure;
    this.#changed();
  }

  get active(): boolean {
    return this.#running.size > 0;
  }

  get running(): readonly Operation[] {
    return [...this.#running];
  }

  /** Whole seconds since the last operation or OPTIONS; 0 while active. */
  get idleS(): number {
    return this.active ? 0 : Math.max(0, Math.floor((this.#now() - this.#accessedMs) / 1000));
  }

  /** Bytes moved, each byte of the image once, with what is under way. */
  get transferred(): number {
    return this.movedRanges.total;
  }

  get movedRanges(): RangeList {
    return this.#moved.with([...this.#running].map((one) => [one.start, one.start + one.done] as const));
  }
}

function forbidden(why: string): Error {
  return ImageError('IMAGE_TICKET_FORBIDDEN', { why });
}
