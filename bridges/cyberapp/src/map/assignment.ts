import type { InventoryItem, ItemOwner } from '@fairlead/kernel/services';
import type { SourceName, SourceRow } from '../store/tables.ts';
import { SELECTOR_KINDS } from './selectors.ts';

/** What says whose an item is. */
export type Rule = Pick<SourceRow, 'id' | 'organization_id' | 'source' | 'selector_kind' | 'selector' | 'priority' | 'created_ms'>;

export interface SourcedItem {
  readonly source: SourceName;
  readonly item: InventoryItem;
}

/** Two rules of the same rank that give an item to different organizations: the older one holds. */
export interface Tie {
  readonly itemKey: string;
  readonly winner: Rule;
  readonly loser: Rule;
}

export interface Assignment {
  /** Organization by the key of the item. */
  readonly byItem: ReadonlyMap<string, string>;
  readonly ties: readonly Tie[];
  /** Items that no rule names. */
  readonly unassigned: readonly SourcedItem[];
}

/** Gives each item to at most one organization (cyberapp 5.1). */
export function assign(items: Iterable<SourcedItem>, rules: readonly Rule[]): Assignment {
  const index = new RuleIndex(rules);
  const byItem = new Map<string, string>();
  const ties: Tie[] = [];
  const unassigned: SourcedItem[] = [];
  for (const sourced of items) {
    const [winner, second] = index.rulesFor(sourced);
    if (winner === undefined) {
      unassigned.push(sourced);
      continue;
    }
    byItem.set(sourced.item.key, winner.organization_id);
    const isTie = second !== undefined && second.organization_id !== winner.organization_id && byRank(winner, second) === 0;
    if (isTie) ties.push({ itemKey: sourced.item.key, winner, loser: second });
  }
  return { byItem, ties, unassigned };
}

/** Rules by what they name. */
export class RuleIndex {
  readonly #rules: ReadonlyMap<string, readonly Rule[]>;

  constructor(rules: readonly Rule[]) {
    this.#rules = Map.groupBy(rules, (rule) => mark(rule.source, rule.selector_kind, rule.selector));
  }

  /** Every rule that fits an item, the one that holds first. */
  rulesFor({ source, item }: SourcedItem): readonly Rule[] {
    const found = new Set<Rule>();
    for (const owner of item.owner) {
      for (const { kind, selector } of source === 'cloudstack' ? withParents(owner) : [owner])
        for (const rule of this.#rules.get(mark(source, kind, selector)) ?? []) found.add(rule);
    }
    return [...found].toSorted((one, other) => byRank(one, other) || byAge(one, other));
  }
}

function mark(source: string, kind: string, selector: string): string {
  return `${source}\n${kind}\n${selector}`;
}

/** A rule for a domain of CloudStack holds for the domains below it too. */
function withParents(owner: ItemOwner): readonly ItemOwner[] {
  if (owner.kind !== 'domain') return [owner];
  const parts = owner.selector.split('/');
  return parts.map((_, at) => ({ kind: 'domain', selector: parts.slice(0, at + 1).join('/') }));
}

/** Negative when `one` goes before `other`; 0 when only their age can tell. */
function byRank(one: Rule, other: Rule): number {
  return other.priority - one.priority || placeOf(one) - placeOf(other) || depthOf(other) - depthOf(one);
}

function byAge(one: Rule, other: Rule): number {
  return one.created_ms - other.created_ms || (one.id < other.id ? -1 : 1);
}

/** The most specific kind has place 0. */
function placeOf({ source, selector_kind: kind }: Rule): number {
  const place = SELECTOR_KINDS[source].indexOf(kind);
  return place < 0 ? Number.MAX_SAFE_INTEGER : place;
}

function depthOf({ source, selector_kind: kind, selector }: Rule): number {
  return source === 'cloudstack' && kind === 'domain' ? selector.split('/').length : 0;
}
