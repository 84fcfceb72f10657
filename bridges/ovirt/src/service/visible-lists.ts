import type { Zone } from '@fairlead/cloudstack';
import { OvirtError } from '../errors.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import { isAllowed } from './inventory-filter.ts';
import { KINDS, type Kind, type KindName, type Kinds } from './inventory-kinds.ts';
import { listIds, listWhole, type View } from './inventory-lists.ts';
import type { Kept, Shelves } from './shelves.ts';

/** Filtered lists kept in memory; the least recently used goes. */
const MAX_LISTS = 512;
/** While CloudStack is away, what is kept is told for so long; then requests fail. */
const MAX_STALE_MS = 5 * 60_000;

/** The kept lists as each caller may see them: by his own key, by the zones he sees, and by the allow lists. */
export class VisibleLists {
  readonly #parts: { readonly shelves: Shelves; readonly cloud: Cloud; readonly refreshMs: number };
  readonly #lists = new Map<string, { readonly from: readonly unknown[]; readonly list: readonly unknown[] }>();

  constructor(parts: { readonly shelves: Shelves; readonly cloud: Cloud; readonly refreshMs: number }) {
    this.#parts = parts;
  }

  /** With the service key where there is one, else with the caller's own. Throws `OVIRT_SERVICE_KEY_NEEDED` without either. */
  async viewFor(caller: Caller | undefined): Promise<View> {
    const client = await this.#parts.cloud.service();
    if (client !== undefined) return { client, role: 'root-admin', scope: 'service' };
    if (caller === undefined) throw OvirtError('OVIRT_SERVICE_KEY_NEEDED');
    return { client: caller.client, role: caller.role, scope: caller.keyId };
  }

  /** A list that stays the same object while nothing changes. */
  async list<Name extends KindName>(caller: Caller, kind: Name): Promise<readonly Kinds[Name][]> {
    const view = await this.viewFor(caller);
    const kept = await this.#shelf(view, kind);
    const zones = KINDS[kind].rootOnly ? await this.#zoneIds(caller) : undefined;
    const seen = await this.#seen(caller, kind, view);
    const from = [kept, seen, zones, caller.allow];
    const key = `${kind} ${view.scope} ${caller.keyId} ${caller.userId}`;
    const known = this.#lists.get(key);
    if (known !== undefined && from.every((part, index) => known.from[index] === part)) return known.list as readonly Kinds[Name][];
    const { isGone } = KINDS[kind] as Kind<Kinds[Name]>;
    const list = [...kept.byId.values()].filter(
      (item) => isGone?.(item) !== true && (seen === undefined || seen.byId.has(item.id)) && isAllowed(kind, item, caller.allow, zones),
    );
    list.sort(byName);
    this.#lists.delete(key);
    this.#lists.set(key, { from, list });
    const oldest = this.#lists.keys().next().value;
    if (this.#lists.size > MAX_LISTS && oldest !== undefined) this.#lists.delete(oldest);
    return list;
  }

  #shelf<Name extends KindName>(view: View, kind: Name): Promise<Kept<Kinds[Name]>> {
    const maxAgeMs = view.scope === 'service' ? Math.max(MAX_STALE_MS, this.#parts.refreshMs) : this.#parts.refreshMs;
    return this.#parts.shelves.read({
      shelf: { kind, scope: view.scope },
      parse: (body) => JSON.parse(body) as Kinds[Name],
      list: (renew) => listWhole(view, kind, { renew }),
      maxAgeMs,
    });
  }

  /** The ids that the caller's own key may list; undefined where his view is the kept one, or everybody sees everything. */
  async #seen(caller: Caller, kind: KindName, view: View): Promise<Kept<unknown> | undefined> {
    if (view.scope === caller.keyId || caller.isRootAdmin || KINDS[kind].rootOnly || KINDS[kind].open) return undefined;
    const own: View = { client: caller.client, role: caller.role, scope: seenScope(caller) };
    return this.#parts.shelves.read({
      shelf: { kind, scope: own.scope },
      parse: () => true,
      list: (renew) => listIds(own, kind, { renew }),
      maxAgeMs: this.#parts.refreshMs,
    });
  }

  /** The same set as long as the zones stay the same. */
  async #zoneIds(caller: Caller): Promise<ReadonlySet<string>> {
    const zones = await this.list(caller, 'zone');
    const known = zoneSets.get(zones) ?? new Set(zones.map((zone) => zone.id));
    zoneSets.set(zones, known);
    return known;
  }
}

const zoneSets = new WeakMap<readonly Zone[], ReadonlySet<string>>();

/** Shelf of the ids that a key may list. */
export function seenScope(caller: Caller): string {
  return `seen:${caller.keyId}`;
}

/** As the engine sorts; the id decides among equals, so that pages do not overlap. */
function byName(a: Kinds[KindName], b: Kinds[KindName]): number {
  const name = (item: Kinds[KindName]) => ('name' in item ? item.name : undefined) ?? '';
  return name(a) < name(b) || (name(a) === name(b) && a.id < b.id) ? -1 : 1;
}
