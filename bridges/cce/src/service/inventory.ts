import type { ObjectView } from '@fairlead/engine-cce';
import type { Clock } from '@fairlead/kernel/clock';
import type { InventoryConditions, InventoryFact, InventoryItem, InventoryList, InventorySource } from '@fairlead/kernel/services';
import { type SiteUnits, siteItem } from '../map/site-item.ts';
import type { Backend, BackendConnection } from './backend.ts';
import { API_ADMIN } from './security/tokens.ts';

export interface SiteInventoryParts {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly hostId: string;
  readonly units: SiteUnits;
}

/** Web sites as others see them (cce 12.7), with the rights of api-admin and in one pass. */
export class SiteInventory implements InventorySource {
  readonly #parts: SiteInventoryParts;
  /** The last that is known: what is told while the backend is away. */
  #items: readonly InventoryItem[] = [];
  #silentSince: number | undefined;
  /** When a fact was first seen, by key and code; of facts that are no longer so nothing is kept. */
  #since = new Map<string, number>();

  constructor(parts: SiteInventoryParts) {
    this.#parts = parts;
  }

  async list(signal: AbortSignal): Promise<InventoryList> {
    try {
      this.#items = await this.#read(signal);
      this.#silentSince = undefined;
      return { complete: true, items: this.#items };
    } catch (error) {
      signal.throwIfAborted();
      this.#silentSince ??= this.#parts.clock.now();
      return { complete: false, reason: error instanceof Error ? error.message : 'unknown', items: this.#items };
    }
  }

  async conditions(signal: AbortSignal): Promise<InventoryConditions> {
    const { items, ...completeness } = await this.list(signal);
    const seen = new Map<string, number>();
    const facts = items.flatMap(factsOf).map(({ key, code, value }): InventoryFact => {
      const mark = `${code} ${key}`;
      const since = this.#since.get(mark) ?? this.#parts.clock.now();
      seen.set(mark, since);
      return { key, code, since, value };
    });
    this.#since = seen;
    const silent = this.#silentSince;
    const host = { key: `bx:${this.#parts.hostId}`, code: 'host_silent', value: true };
    return { ...completeness, facts: silent === undefined ? facts : [...facts, { ...host, since: silent }] };
  }

  #read(signal: AbortSignal): Promise<readonly InventoryItem[]> {
    const { backend, hostId, units } = this.#parts;
    const work = async (connection: BackendConnection) => {
      const [sites, systems] = [await oidsOf(connection, 'Vsite'), await oidsOf(connection, 'System')];
      const views = await connection.readObjects([...systems.slice(0, 1), ...sites], signal);
      const server = serverOf(views.find((view) => view.class === 'System'));
      return views.filter((view) => view.class === 'Vsite').map((view) => siteItem(view, { hostId, server, units }));
    };
    return backend.use({ kind: 'service', user: API_ADMIN }, work, signal);
  }
}

async function oidsOf(connection: BackendConnection, name: string): Promise<readonly string[]> {
  const { lines, end } = await connection.execute({ verb: 'FIND', class: name, criteria: [] });
  if (end !== 201) throw new Error(`FIND ${name} was answered with ${end}`);
  return lines.flatMap((line) => (line.code === 104 ? [line.oid] : []));
}

function serverOf(system: ObjectView | undefined): string {
  const values = system?.namespaces.get('');
  return [values?.get('hostname') ?? '', values?.get('domainname') ?? ''].filter((part) => part !== '').join('.');
}

function factsOf({ key, attributes }: InventoryItem): Omit<InventoryFact, 'since'>[] {
  const { status, disk_used_bytes: used, disk_quota_bytes: quota, certificate_expires: expires, tls } = attributes;
  const facts: Omit<InventoryFact, 'since'>[] = [];
  if (status === 'SUSPENDED') facts.push({ key, code: 'suspended', value: true });
  if (typeof used === 'number' && typeof quota === 'number' && quota > 0)
    facts.push({ key, code: 'quota_used_share', value: used / quota });
  if (tls === true && typeof expires === 'string') facts.push({ key, code: 'certificate_ends', value: expires });
  return facts;
}
