import type { Clock } from '@fairlead/kernel/clock';
import type { ServiceRegistry } from '@fairlead/kernel/lifecycle';
import type { InventoryFact, InventoryItem, InventorySource } from '@fairlead/kernel/services';
import { SOURCE_NAMES } from '../../map/selectors.ts';
import { cleanText } from '../../map/text.ts';
import type { SourceName } from '../../store/tables.ts';

export type Inventories = Readonly<Partial<Record<SourceName, InventorySource>>>;

/** What this gateway runs of the sources; asked for at each use, since bridges start in any order. */
export function inventoriesOf(services: Pick<ServiceRegistry, 'find'>): Inventories {
  const found = SOURCE_NAMES.map((source) => [source, services.find(`inventory.${source}`)] as const);
  return Object.fromEntries(found.filter(([, inventory]) => inventory !== undefined));
}

/** What one source has told. */
export interface Told {
  readonly source: SourceName;
  /** Each key once. */
  readonly items: readonly InventoryItem[];
  /** Undefined when they could not be had. */
  readonly facts: readonly InventoryFact[] | undefined;
  /** What of items or facts is absent is gone. */
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly reason?: string;
}

export interface Asking {
  readonly clock: Clock;
  /** For a source to tell everything. */
  readonly deadlineMs: number;
}

export const DEADLINE_MS = 60_000;

/** Asks all at once. One that fails, or is late, is incomplete; it changes nothing for another. Rejects only when `signal` aborts. */
export async function askAll(inventories: Inventories, asking: Asking, signal: AbortSignal): Promise<readonly Told[]> {
  const named = Object.entries(inventories) as [SourceName, InventorySource][];
  const told = await Promise.all(named.map(([source, inventory]) => ask(source, inventory, asking, signal)));
  signal.throwIfAborted();
  return told;
}

async function ask(source: SourceName, inventory: InventorySource, { clock, deadlineMs }: Asking, signal: AbortSignal): Promise<Told> {
  const over = new AbortController();
  const within = AbortSignal.any([signal, over.signal]);
  const late = clock.sleep(deadlineMs, within).then(() => Promise.reject(new Error(`no answer within ${deadlineMs / 1000} s`)));
  // A source may throw before anybody waits for this.
  late.catch(() => undefined);
  let items: readonly InventoryItem[] = [];
  try {
    // Not both at once: a source may read everything for either.
    const list = await Promise.race([inventory.list(within), late]);
    items = [...new Map(list.items.map((item) => [item.key, item])).values()];
    const conditions = await Promise.race([inventory.conditions(within), late]);
    const { facts } = conditions;
    if (list.complete && conditions.complete) return { source, items, facts, complete: true };
    return { source, items, facts, complete: false, reason: reasonText(list.reason ?? conditions.reason ?? 'not everything was read') };
  } catch (error) {
    return { source, items, facts: undefined, complete: false, reason: reasonText(error instanceof Error ? error.message : 'unknown') };
  } finally {
    over.abort();
  }
}

const MOST_REASON = 500;

function reasonText(text: string): string {
  return cleanText(text, MOST_REASON);
}
