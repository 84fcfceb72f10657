import { randomInt } from 'node:crypto';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { InstrumentsOf } from '@fairlead/kernel/metrics';
import { type Inventory, readInventory } from '@fairlead/ovh/inventory';
import { factsOf } from '../map/facts.ts';
import { mergedRecords, unreadKinds } from '../map/merge.ts';
import { problemOf, problemsOf } from '../map/problems.ts';
import type { ovhMetrics } from '../metrics.ts';
import type { CheckRows } from '../store/checks.ts';
import type { ItemRows } from '../store/items.ts';
import type { CheckRow } from '../store/tables.ts';
import type { Accounts, LiveAccount } from './accounts.ts';
import { isDue } from './due.ts';
import { failureOf, mayPass } from './failure.ts';
import { type Failure, type InventoryState, inventoryState } from './state.ts';

export interface RefreshParts {
  readonly context: BridgeContext;
  readonly accounts: Accounts;
  readonly checks: CheckRows;
  readonly items: ItemRows;
  readonly instruments: InstrumentsOf<typeof ovhMetrics>;
  /** How often an account is read, in ms. */
  readonly refreshMs: () => number;
}

/** An account that takes longer than this, and than the time between two looks, is given up: others wait for the end of the round. */
const LIMIT_MS = 10 * 60_000;

/** Reads what the accounts run, each on its own, and keeps it in the store. */
export class Refresh {
  readonly #parts: RefreshParts;

  constructor(parts: RefreshParts) {
    this.#parts = parts;
  }

  /** Looks at every account that is due. Rejects only when the store does, or with the reason of the signal. */
  async runDue(signal: AbortSignal): Promise<void> {
    const { accounts, checks, context, refreshMs } = this.#parts;
    const rows = new Map((await checks.all()).filter((row) => row.part === 'inventory').map((row) => [row.account, row]));
    const now = context.clock.now();
    const due = accounts.all.filter((one) => isDue(rows.get(one.name), { ...one, everyMs: refreshMs() }, now));
    const ended = await Promise.allSettled(due.map((one) => this.#refresh(one, rows.get(one.name), signal)));
    signal.throwIfAborted();
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  async #refresh(account: LiveAccount, former: CheckRow | undefined, signal: AbortSignal): Promise<void> {
    const { context, instruments, accounts } = this.#parts;
    const past = { started: context.clock.now(), former };
    const read = await this.#read(account, signal);
    if (!accounts.has(account)) return;
    const outcome = 'code' in read ? await this.#keepFailure(account, read, past) : await this.#keep(account, read, past);
    instruments.refreshes.observe({ account: account.name, outcome }, (context.clock.now() - past.started) / 1000);
  }

  /** What OVHcloud tells, or why it does not. Rejects with the reason of the signal alone. */
  async #read({ name, client, kinds, scrubber }: LiveAccount, signal: AbortSignal): Promise<Inventory | Failure> {
    const { log, clock } = this.#parts.context;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(LIMIT_MS, this.#parts.refreshMs()))]);
      const inventory = await readInventory(client, { account: name, kinds, signal: limit, clock });
      return JSON.parse(scrubber.scrub(JSON.stringify(inventory))) as Inventory;
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error, scrubber);
      if (failure.code === 'FAIRLEAD_INTERNAL') log.error({ account: name, err: error }, 'an inventory could not be read');
      return failure;
    }
  }

  async #keep(account: LiveAccount, inventory: Inventory, past: Past): Promise<'complete' | 'partial' | 'failed'> {
    const { context, items } = this.#parts;
    const { log, clock } = context;
    const all = [...inventory.errors, ...inventory.records.flatMap((record) => record.errors)];
    const unread = unreadKinds(inventory, account.kinds);
    const wasRead = inventory.records.length > 0 || account.kinds.some((kind) => !unread.has(kind));
    const before = inventoryState(past.former);
    const now = clock.now();
    const [first] = wasRead ? [] : inventory.errors;
    const failure = first === undefined ? undefined : { code: first.code, text: problemOf(first) };
    const state: InventoryState = {
      readMs: wasRead ? now : before.readMs,
      complete: inventory.complete,
      ...(!wasRead && { silentMs: before.silentMs ?? now }),
      ...(failure !== undefined && { failure }),
      problems: problemsOf(all),
      missingRules: [...new Set(inventory.missingRules)].toSorted(),
      missingActions: [...new Set(inventory.missingActions)].toSorted(),
    };
    const failures = all.some(({ status }) => mayPass(status)) ? (past.former?.failures ?? 0) + 1 : 0;
    const records = mergedRecords(await items.records(account.name), inventory, account.kinds);
    const row = this.#row(account, state, { ...past, failures });
    if (!(await items.replace(row, { records, factsOf }))) return 'failed';
    this.#tell(account.name, before, state);
    log.debug({ account: account.name, records: records.length, errors: all.length }, 'inventory read');
    if (inventory.complete) return 'complete';
    return wasRead ? 'partial' : 'failed';
  }

  /** What is kept stays; that it could not be read anew is told. */
  async #keepFailure(account: LiveAccount, failure: Failure, past: Past): Promise<'failed'> {
    const { context, checks } = this.#parts;
    const before = inventoryState(past.former);
    const silentMs = before.silentMs ?? context.clock.now();
    const state: InventoryState = { ...before, complete: false, silentMs, failure, problems: [] };
    await checks.put(this.#row(account, state, { ...past, failures: (past.former?.failures ?? 0) + 1 }));
    this.#tell(account.name, before, state);
    return 'failed';
  }

  #row(account: LiveAccount, state: InventoryState, { started, failures }: Past & { readonly failures: number }): CheckRow {
    return {
      ...{ account: account.name, part: 'inventory', identity: account.identities[0] ?? '', started_ms: started },
      ...{ ended_ms: this.#parts.context.clock.now(), failures, jitter: randomInt(1000), state: JSON.stringify(state) },
    };
  }

  /** A line when it becomes worse, other or well, not at each look. */
  #tell(account: string, before: InventoryState, now: InventoryState): void {
    const { log } = this.#parts.context;
    const wordsOf = (one: InventoryState) => JSON.stringify([one.failure?.code, one.problems, one.missingRules, one.missingActions]);
    if (wordsOf(before) === wordsOf(now)) return;
    const { failure, problems, missingRules, missingActions, complete } = now;
    if (complete) log.info({ account }, 'the inventory of OVHcloud is complete again');
    else if (failure !== undefined) log.warn({ account, ...failure }, 'the inventory of OVHcloud cannot be read; the last one is kept');
    else
      log.warn(
        { account, problems, missingRules, missingActions },
        'a part of the inventory of OVHcloud cannot be read; the last of it is kept',
      );
  }
}

interface Past {
  readonly started: number;
  readonly former: CheckRow | undefined;
}
