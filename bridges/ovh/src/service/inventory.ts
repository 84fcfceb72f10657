import type { Clock } from '@fairlead/kernel/clock';
import type {
  InventoryConditions,
  InventoryFact,
  InventoryItem,
  InventoryList,
  InventorySource,
  ItemOwner,
} from '@fairlead/kernel/services';
import type { InventoryRecord } from '@fairlead/ovh/inventory';
import { ovhItem } from '../map/item.ts';
import type { CheckRows } from '../store/checks.ts';
import type { ItemRows } from '../store/items.ts';
import type { FactRow } from '../store/tables.ts';
import type { Accounts } from './accounts.ts';
import { type InventoryState, inventoryState, type KeyState, keyState } from './state.ts';

export interface OvhInventoryParts {
  readonly accounts: Pick<Accounts, 'names'>;
  readonly checks: CheckRows;
  readonly items: ItemRows;
  readonly clock: Clock;
  readonly refreshMs: () => number;
}

/** So many refreshes may be missed until what is kept counts as old. */
const MISSED = 3;

/** What the accounts run as the store has it, the same at every gateway; nobody waits for OVHcloud. */
export class OvhInventory implements InventorySource {
  readonly #parts: OvhInventoryParts;

  constructor(parts: OvhInventoryParts) {
    this.#parts = parts;
  }

  async list(signal: AbortSignal): Promise<InventoryList> {
    signal.throwIfAborted();
    const { accounts, items } = this.#parts;
    const merged = new Map<string, InventoryItem>();
    for (const row of await items.items(accounts.names)) {
      const item = ovhItem(JSON.parse(row.record) as InventoryRecord, row.item_key, row.account);
      const known = merged.get(item.key);
      // Two sections may name one account at OVHcloud: it is one machine, and both its selectors fit.
      merged.set(item.key, known === undefined ? item : { ...known, owner: joined(known.owner, item.owner) });
    }
    return { ...(await this.#completeness()), items: [...merged.values()] };
  }

  async conditions(signal: AbortSignal): Promise<InventoryConditions> {
    signal.throwIfAborted();
    const { accounts, items } = this.#parts;
    const told = new Map<string, InventoryFact>();
    for (const row of await items.facts(accounts.names)) {
      const mark = JSON.stringify([row.item_key, row.code, row.value]);
      const known = told.get(mark);
      if (known === undefined || row.since_ms < known.since) told.set(mark, factOf(row));
    }
    return { ...(await this.#completeness()), facts: [...told.values(), ...(await this.#accountFacts())] };
  }

  async #states(): Promise<
    readonly { readonly name: string; readonly state: InventoryState; readonly key: KeyState; readonly keyMs: number }[]
  > {
    const rows = await this.#parts.checks.all();
    return this.#parts.accounts.names.map((name) => {
      const of = (part: string) => rows.find((row) => row.account === name && row.part === part);
      return { name, state: inventoryState(of('inventory')), key: keyState(of('key')), keyMs: of('key')?.ended_ms ?? 0 };
    });
  }

  async #completeness(): Promise<{ readonly complete: boolean; readonly reason?: string }> {
    const { clock, refreshMs } = this.#parts;
    const oldest = clock.now() - MISSED * refreshMs();
    const reasons = (await this.#states()).flatMap(({ name, state }) => {
      const reason = reasonOf(state, oldest);
      return reason === undefined ? [] : [`${name}: ${reason}`];
    });
    return reasons.length === 0 ? { complete: true } : { complete: false, reason: reasons.join('; ') };
  }

  /** What is so of an account as a whole. */
  async #accountFacts(): Promise<readonly InventoryFact[]> {
    const facts: InventoryFact[] = [];
    for (const { name, state, key, keyMs } of await this.#states()) {
      const of = { key: `ovh:${name}` };
      const { silentMs, failure } = state;
      if (silentMs !== undefined)
        facts.push({
          ...of,
          code: 'account_silent',
          since: silentMs,
          value: true,
          ...(failure !== undefined && { detail: { code: failure.code } }),
        });
      if (key.endsMs !== undefined) facts.push({ ...of, code: 'key_ends', since: keyMs, value: new Date(key.endsMs).toISOString() });
    }
    return facts;
  }
}

/** Why what is kept of an account is not everything as it is now. */
function reasonOf(
  { readMs, complete, failure, problems, missingRules, missingActions }: InventoryState,
  oldest: number,
): string | undefined {
  if (failure !== undefined) return `${failure.code}: ${failure.text}`;
  if (readMs === 0) return 'it has not been read yet';
  const rules = missingRules.length === 0 ? [] : [`the key lacks the rules ${missingRules.join(', ')}`];
  const actions = missingActions.length === 0 ? [] : [`the identity lacks the actions ${missingActions.join(', ')}`];
  if (!complete) return [...rules, ...actions, ...problems].join('; ') || 'a part could not be read';
  return readMs < oldest ? `it was last read at ${new Date(readMs).toISOString()}` : undefined;
}

function factOf({ item_key: key, code, value, detail, since_ms: since }: FactRow): InventoryFact {
  const fact = { key, code, since, value: JSON.parse(value) as InventoryFact['value'] };
  return detail === null ? fact : { ...fact, detail: JSON.parse(detail) as NonNullable<InventoryFact['detail']> };
}

function joined(one: readonly ItemOwner[], other: readonly ItemOwner[]): readonly ItemOwner[] {
  const has = (owner: ItemOwner) => one.some(({ kind, selector }) => kind === owner.kind && selector === owner.selector);
  return [...one, ...other.filter((owner) => !has(owner))];
}
