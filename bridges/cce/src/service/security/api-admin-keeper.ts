import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import type { Lease } from '../../store/leases.ts';
import { type ApiAdminParts, renewApiAdmin } from './api-admin.ts';

export interface KeeperParts extends ApiAdminParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Of several gateways on one engine one prepares the account; absent: this one does. */
  readonly lease?: Lease | undefined;
}

/** The first attempt is waited for, so that LOGIN works as soon as the API is up; a cced that is away holds up no start. */
const FIRST_MS = 5000;
/** Whether the lease of another gateway has ended is looked at this often. */
const FOLLOW_MS = 20_000;
const RETRY = { leastMs: 2000, mostMs: 60_000 };

/** Prepares the account of remote callers at the start, and tries again for as long as the backend is away. */
export class ApiAdminKeeper implements AsyncDisposable {
  readonly #parts: KeeperParts;
  readonly #ended = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #failure: string | undefined = 'not yet prepared';

  private constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  static async start(parts: KeeperParts): Promise<ApiAdminKeeper> {
    const keeper = new ApiAdminKeeper(parts);
    if (parts.lease !== undefined && !(await parts.lease.take())) {
      parts.log.info({}, 'another gateway has prepared api-admin');
      keeper.#failure = undefined;
      keeper.#running = keeper.#follow(parts.lease);
      return keeper;
    }
    if (!(await keeper.#try(FIRST_MS))) keeper.#running = keeper.#retry();
    return keeper;
  }

  /** Why LOGIN may be refused; undefined when all is well. */
  get failure(): string | undefined {
    return this.#failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort(new Error('the gateway is stopping'));
    await this.#running;
    await this.#parts.lease?.[Symbol.asyncDispose]();
  }

  /** Whoever had the lease may have been killed before he was done. */
  async #follow(lease: Lease): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      await this.#parts.clock.sleep(FOLLOW_MS, signal).catch(() => undefined);
      if (signal.aborted || !(await lease.take().catch(() => false))) continue;
      if (!(await this.#try(RETRY.mostMs))) await this.#retry();
      return;
    }
  }

  async #retry(): Promise<void> {
    const { signal } = this.#ended;
    let pauseMs = RETRY.leastMs;
    while (!signal.aborted) {
      await this.#parts.clock.sleep(pauseMs, signal).catch(() => undefined);
      if (signal.aborted || (await this.#try(RETRY.mostMs))) return;
      pauseMs = Math.min(pauseMs * 2, RETRY.mostMs);
    }
  }

  async #try(limitMs: number): Promise<boolean> {
    try {
      await renewApiAdmin(this.#parts, AbortSignal.any([this.#ended.signal, AbortSignal.timeout(limitMs)]));
      this.#failure = undefined;
      return true;
    } catch (error) {
      const failure = error instanceof Error ? error.message : 'unknown';
      if (failure !== this.#failure && !this.#ended.signal.aborted) this.#parts.log.warn({ err: error }, failure);
      this.#failure = failure;
      return false;
    }
  }
}
