import type { Clock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import { OvirtError } from '../errors.ts';
import {
  endLeasesOf,
  findLock,
  holdersOfLeases,
  keepLock,
  lockedAmong,
  releaseAllOf,
  releaseLock,
  renewLeases,
  sweepLocks,
  takeLock,
} from '../store/locks.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import type { LockRow } from '../store/write-tables.ts';
import { hasEnded, processName } from './process-name.ts';

/**
 * How long a gateway that was killed keeps others from what it was doing, where nobody can see that it is gone. Renewed three times in that time.
 * On its own machine it is seen at once.
 */
export const LEASE_MS = 30_000;
export const RENEW_MS = 10_000;

/** What is locked for a while; give it back with `release`. */
export interface HeldLock extends AsyncDisposable {
  readonly resource: string;
}

/** Locks are rows, so they hold for every gateway on this store and outlive all of them (ovirt 10.3). Nobody ever waits for one. */
export class Locks {
  /** This running gateway; never the same again after a restart. */
  readonly holder = processName();
  readonly #store: OvirtStore;
  readonly #clock: Clock;
  /** A lock of a gateway that is gone was just taken over: it may have left more. */
  #hasTakenOver = false;

  constructor(store: OvirtStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * For the time of one operation. Ends with the gateway that holds it, after `LEASE_MS`.
   * Throws `OVIRT_LOCKED` when somebody has it.
   */
  async take(resource: string, purpose: string): Promise<HeldLock> {
    const lock = await this.find(resource, purpose);
    if (lock === undefined) throw await this.#refusal(resource);
    return lock;
  }

  /** As `take`, but undefined when somebody has it. */
  async find(resource: string, purpose: string): Promise<HeldLock | undefined> {
    const ref = newUuid();
    if (!(await this.#take(this.#row(resource, ref, purpose)))) return undefined;
    return { resource, [Symbol.asyncDispose]: () => releaseLock(this.#store, resource, ref) };
  }

  /** All or none of them. Throws `OVIRT_LOCKED`. */
  async takeAll(resources: readonly string[], purpose: string): Promise<AsyncDisposable> {
    const stack = new AsyncDisposableStack();
    try {
      // Always in the same order, so that two that want the same things cannot both fail.
      for (const resource of [...new Set(resources)].sort()) stack.use(await this.take(resource, purpose));
      return stack;
    } catch (error) {
      await stack.disposeAsync();
      throw error;
    }
  }

  /**
   * For a backup or transfer that is about to get its row: first with a lease, so that a gateway that is killed before the row exists
   * leaves nothing behind; then `keep`. Throws `OVIRT_LOCKED`.
   */
  async hold(resource: string, ref: string, purpose: string): Promise<void> {
    if (!(await this.#take(this.#row(resource, ref, purpose)))) throw await this.#refusal(resource);
  }

  /** The row exists: from now on only its end frees the lock, no restart does. Throws `OVIRT_LOCKED` when it was lost meanwhile. */
  async keep(resource: string, ref: string): Promise<void> {
    if (!(await keepLock(this.#store, resource, ref))) throw await this.#refusal(resource);
  }

  /** Everything that a backup or transfer holds. */
  async letGo(ref: string): Promise<void> {
    await releaseAllOf(this.#store, ref);
  }

  /** After a crash: what ended backups and transfers still hold, and what gateways that are gone were working on. */
  async sweep(): Promise<void> {
    for (const holder of await holdersOfLeases(this.#store)) {
      if (hasEnded(holder)) await endLeasesOf(this.#store, holder, this.#clock.now() - 1);
    }
    await sweepLocks(this.#store, this.#clock.now());
  }

  /** Whether a gateway that is gone was working on something, since this was asked last. */
  async isLeft(): Promise<boolean> {
    const hasTakenOver = this.#hasTakenOver;
    this.#hasTakenOver = false;
    if (hasTakenOver) return true;
    return (await holdersOfLeases(this.#store)).some(hasEnded);
  }

  /** The backup or transfer that holds something for good; undefined when it is held for one operation, or not at all. */
  async keeperOf(resource: string): Promise<string | undefined> {
    const row = await findLock(this.#store, resource);
    return row?.lease_ms === null ? row.ref : undefined;
  }

  /** Which of these somebody has. */
  async among(resources: readonly string[]): Promise<ReadonlySet<string>> {
    return await lockedAmong(this.#store, resources, this.#clock.now());
  }

  /** Says that this gateway is alive: every lease of it lasts `LEASE_MS` from now. */
  async renew(): Promise<void> {
    await renewLeases(this.#store, this.holder, this.#clock.now() + LEASE_MS);
  }

  /** A lease ends with its gateway, as soon as that is known. */
  async #take(row: LockRow): Promise<boolean> {
    if (await takeLock(this.#store, row)) return true;
    const other = await findLock(this.#store, row.resource);
    if (other === undefined || other.lease_ms === null || !hasEnded(other.holder)) return false;
    await endLeasesOf(this.#store, other.holder, row.taken_ms - 1);
    this.#hasTakenOver = true;
    return await takeLock(this.#store, row);
  }

  #row(resource: string, ref: string, purpose: string): LockRow {
    const now = this.#clock.now();
    return { resource, ref, purpose, holder: this.holder, taken_ms: now, lease_ms: now + LEASE_MS };
  }

  async #refusal(resource: string): Promise<Error> {
    const row = await findLock(this.#store, resource);
    const what = resource.slice(0, resource.indexOf(':'));
    return OvirtError('OVIRT_LOCKED', { what: what === 'vm' ? 'VM' : what, purpose: row?.purpose ?? 'another operation' });
  }
}

export function vmLock(vmId: string): string {
  return `vm:${vmId}`;
}

export function diskLock(diskId: string): string {
  return `disk:${diskId}`;
}

/** Only one gateway at a time moves a backup or transfer on. */
export function workLock(id: string): string {
  return `work:${id}`;
}
