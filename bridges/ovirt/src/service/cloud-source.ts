import { setImmediate } from 'node:timers/promises';
import type { InventoryConditions, InventoryItem, InventoryList, InventorySource } from '@fairlead/kernel/services';
import { anyName } from '../map/text.ts';
import { backupFact, toldFact } from '../map/told-facts.ts';
import { hostItem, isShownVm, itemKey, type LastBackups, poolItem, vmItem } from '../map/told-items.ts';
import { backupEnds } from '../store/backup-ends.ts';
import { chunks } from '../store/chunks.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { toldFacts } from '../store/told-facts.ts';
import type { BackupEndRow } from '../store/told-tables.ts';
import type { KindName } from './inventory-kinds.ts';
import type { ServiceView } from './service-view.ts';
import type { ToldFacts } from './told-facts.ts';

export interface CloudSourceParts {
  readonly store: OvirtStore;
  readonly view: ServiceView;
  readonly facts: ToldFacts;
  /** `[cloudstack] name`: part of every key. */
  readonly cloud: string;
}

/** What has to be there so that nothing is missing. */
const TOLD: readonly KindName[] = ['vm', 'volume', 'host', 'pool'];

/**
 * What CloudStack runs as other bridges are told it (design 11, cyberapp 5.2): VMs with whose they are, hosts and storage pools, from the rows of
 * the kept inventory. CloudStack is never asked here. While the rows are old, a refresh has failed or there is no service key,
 * `complete` is false and the items are the last that are known.
 */
export class CloudSource implements InventorySource {
  readonly #parts: CloudSourceParts;

  constructor(parts: CloudSourceParts) {
    this.#parts = parts;
  }

  async list(signal: AbortSignal): Promise<InventoryList> {
    signal.throwIfAborted();
    const { view, cloud } = this.#parts;
    // Asked before the rows are read: what fails meanwhile is told the next time, never hidden.
    const completeness = await this.#completeness();
    const hosts = (await view.kept('host')).items.map((host) => hostItem(host, cloud));
    const pools = (await view.kept('pool')).items.map((pool) => poolItem(pool, cloud));
    const vms = await this.#vms();
    signal.throwIfAborted();
    return { ...completeness, items: [...vms, ...hosts, ...pools] };
  }

  /** Facts of things that `list` tells; hosts' and pools' names stand in none of them. */
  async conditions(signal: AbortSignal): Promise<InventoryConditions> {
    signal.throwIfAborted();
    const { store, view, facts, cloud } = this.#parts;
    const completeness = await this.#completeness();
    await facts.observe();
    const [hosts, pools] = [(await view.kept('host')).items, (await view.kept('pool')).items];
    const shown = new Set((await this.#shownVms()).map((vm) => itemKey(cloud, 'vm', vm.id)));
    for (const { id } of hosts) shown.add(itemKey(cloud, 'host', id));
    for (const { id } of pools) shown.add(itemKey(cloud, 'pool', id));
    const names = anyName([...hosts, ...pools].map(({ name }) => name));
    const kept = (await toldFacts(store)).map((row) => toldFact(row, cloud));
    const ended = (await backupEnds(store)).map((row) => backupFact(row, cloud, names));
    signal.throwIfAborted();
    return { ...completeness, facts: [...kept, ...ended].filter(({ key }) => shown.has(key)) };
  }

  async #vms(): Promise<readonly InventoryItem[]> {
    const { store, view, facts, cloud } = this.#parts;
    await facts.observe();
    const volumes = Map.groupBy((await view.kept('volume')).items, (volume) => volume.virtualmachineid ?? '');
    const backups = lastBackups(await backupEnds(store));
    const items: InventoryItem[] = [];
    for (const part of chunks(await this.#shownVms())) {
      for (const vm of part) items.push(vmItem(vm, { cloud, volumes: volumes.get(vm.id) ?? [], backups: backups.get(vm.id) ?? {} }));
      // Ten thousand VMs are no reason for a backup tool to wait.
      await setImmediate();
    }
    return items;
  }

  async #shownVms() {
    return (await this.#parts.view.kept('vm')).items.filter(isShownVm);
  }

  async #completeness(): Promise<{ readonly complete: boolean; readonly reason?: string }> {
    const reason = await this.#parts.view.shortfall(TOLD);
    return reason === undefined ? { complete: true } : { complete: false, reason };
  }
}

function lastBackups(ends: readonly BackupEndRow[]): ReadonlyMap<string, LastBackups> {
  const last = new Map<string, LastBackups>();
  for (const { vm_id: id, outcome, ended_ms: ms } of ends)
    last.set(id, { ...last.get(id), ...(outcome === 'ok' ? { okMs: ms } : { failedMs: ms }) });
  return last;
}
