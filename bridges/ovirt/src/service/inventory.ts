import type {
  Account,
  Cluster,
  DiskOffering,
  Host,
  Network,
  OsType,
  ServiceOffering,
  StoragePool,
  Template,
  VirtualMachine,
  Volume,
  Zone,
} from '@fairlead/cloudstack';
import type { Clock } from '@fairlead/kernel/clock';
import { isUuid } from '@fairlead/kernel/ids';
import { OvirtError } from '../errors.ts';
import { InventoryRows } from '../store/inventory-rows.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import { fromCloud } from './cloud-errors.ts';
import { isResting } from './inventory-filter.ts';
import { byId, KINDS, type Kind, type KindName, type Kinds } from './inventory-kinds.ts';
import type { View } from './inventory-lists.ts';
import { ServiceView } from './service-view.ts';
import { Shelves } from './shelves.ts';
import { seenScope, VisibleLists } from './visible-lists.ts';

export interface InventoryOptions {
  readonly store: OvirtStore;
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly refreshMs: number;
}

/**
 * What CloudStack runs, kept in rows and refreshed in the background (ovirt 9.5): read with the service key, or without one with
 * each caller's own. Whatever takes a caller gives only what his own key may list and the allow lists leave.
 */
export class Inventory {
  /** For whoever speaks for the gateway itself. */
  readonly serviceView: ServiceView;
  readonly #options: InventoryOptions;
  readonly #shelves: Shelves;
  readonly #visible: VisibleLists;
  readonly #byVm = new WeakMap<readonly Volume[], ReadonlyMap<string, readonly Volume[]>>();

  constructor(options: InventoryOptions) {
    this.#options = options;
    this.#shelves = new Shelves(new InventoryRows(options.store), options.clock);
    this.serviceView = new ServiceView({ ...options, shelves: this.#shelves });
    this.#visible = new VisibleLists({ shelves: this.#shelves, cloud: options.cloud, refreshMs: options.refreshMs });
  }

  zones(caller: Caller): Promise<readonly Zone[]> {
    return this.#visible.list(caller, 'zone');
  }

  clusters(caller: Caller): Promise<readonly Cluster[]> {
    return this.#visible.list(caller, 'cluster');
  }

  hosts(caller: Caller): Promise<readonly Host[]> {
    return this.#visible.list(caller, 'host');
  }

  pools(caller: Caller): Promise<readonly StoragePool[]> {
    return this.#visible.list(caller, 'pool');
  }

  networks(caller: Caller): Promise<readonly Network[]> {
    return this.#visible.list(caller, 'network');
  }

  templates(caller: Caller): Promise<readonly Template[]> {
    return this.#visible.list(caller, 'template');
  }

  serviceOfferings(caller: Caller): Promise<readonly ServiceOffering[]> {
    return this.#visible.list(caller, 'service_offering');
  }

  diskOfferings(caller: Caller): Promise<readonly DiskOffering[]> {
    return this.#visible.list(caller, 'disk_offering');
  }

  osTypes(caller: Caller): Promise<readonly OsType[]> {
    return this.#visible.list(caller, 'os_type');
  }

  accounts(caller: Caller): Promise<readonly Account[]> {
    return this.#visible.list(caller, 'account');
  }

  vms(caller: Caller): Promise<readonly VirtualMachine[]> {
    return this.#visible.list(caller, 'vm');
  }

  volumes(caller: Caller): Promise<readonly Volume[]> {
    return this.#visible.list(caller, 'volume');
  }

  /** One object that the caller may see; asked for by id once when it is not kept or about to change. Throws `OVIRT_NOT_FOUND`. */
  async one<Name extends KindName>(caller: Caller, kind: Name, id: string): Promise<Kinds[Name]> {
    const kept = find(await this.#visible.list(caller, kind), id);
    if (kept !== undefined) return isResting(kind, kept) ? kept : ((await this.#readAgain(caller, kind, id)) ?? notFound(id));
    if (kind !== 'vm' && kind !== 'volume' && kind !== 'network') return notFound(id);
    await this.adopt(caller, kind, id);
    return find(await this.#visible.list(caller, kind), id) ?? notFound(id);
  }

  /** One object that the caller may see, if it is kept; CloudStack is not asked for it. */
  async kept<Name extends KindName>(caller: Caller, kind: Name, id: string): Promise<Kinds[Name] | undefined> {
    return find(await this.#visible.list(caller, kind), id);
  }

  vm(caller: Caller, id: string): Promise<VirtualMachine> {
    return this.one(caller, 'vm', id);
  }

  volume(caller: Caller, id: string): Promise<Volume> {
    return this.one(caller, 'volume', id);
  }

  network(caller: Caller, id: string): Promise<Network> {
    return this.one(caller, 'network', id);
  }

  pool(caller: Caller, id: string): Promise<StoragePool> {
    return this.one(caller, 'pool', id);
  }

  cluster(caller: Caller, id: string): Promise<Cluster> {
    return this.one(caller, 'cluster', id);
  }

  /** Volumes of each VM by device number, those without one last. */
  async volumesByVm(caller: Caller): Promise<ReadonlyMap<string, readonly Volume[]>> {
    const volumes = await this.volumes(caller);
    const index = this.#byVm.get(volumes) ?? volumesByVm(volumes);
    this.#byVm.set(volumes, index);
    return index;
  }

  async volumesOf(caller: Caller, vmId: string): Promise<readonly Volume[]> {
    return (await this.volumesByVm(caller)).get(vmId) ?? [];
  }

  /** With `path` and `storageid`, asked for now by the service key. Check visibility with `volume` first. Throws `OVIRT_NOT_FOUND`. */
  async adminVolume(id: string): Promise<Volume> {
    await this.#options.cloud.require();
    return (await this.refreshVolume(id)) ?? notFound(id);
  }

  /** Reads a VM anew after a change of our own; what has gone is forgotten. Without a service key the caller's own is used. */
  refreshVm(id: string, caller?: Caller): Promise<VirtualMachine | undefined> {
    return this.#readAgain(caller, 'vm', id);
  }

  refreshVolume(id: string, caller?: Caller): Promise<Volume | undefined> {
    return this.#readAgain(caller, 'volume', id);
  }

  forgetVm(id: string): Promise<void> {
    return this.#forget('vm', id);
  }

  forgetVolume(id: string): Promise<void> {
    return this.#forget('volume', id);
  }

  /** Makes an object visible to a caller before his next list, if his own key finds it: after he made it, or on the first sight of its id. */
  async adopt(caller: Caller, kind: 'vm' | 'volume' | 'network', id: string): Promise<void> {
    if (!isUuid(id)) return;
    const seenMs = this.#options.clock.now();
    const found = await this.#ask({ client: caller.client, role: caller.role, scope: caller.keyId }, kind, id);
    if (found === undefined) return;
    const view = await this.#visible.viewFor(caller);
    if (view.scope === caller.keyId) return this.#shelves.put({ kind, scope: view.scope }, { id, body: JSON.stringify(found) }, seenMs);
    await this.#readAgain(caller, kind, id);
    await this.#shelves.put({ kind, scope: seenScope(caller) }, { id, body: '{}' }, seenMs);
  }

  async #readAgain<Name extends KindName>(caller: Caller | undefined, kind: Name, id: string): Promise<Kinds[Name] | undefined> {
    const service = await this.#options.cloud.service();
    // Nobody to ask with: let whoever asks next find out.
    if (service === undefined && caller === undefined) {
      await this.#shelves.drop(kind, id);
      return undefined;
    }
    const view = await this.#visible.viewFor(caller);
    const seenMs = this.#options.clock.now();
    const found = await this.#ask(view, kind, id);
    const { isGone } = KINDS[kind] as Kind<Kinds[Name]>;
    const alive = found === undefined || isGone?.(found) === true ? undefined : found;
    await this.#shelves.put({ kind, scope: view.scope }, { id, body: alive === undefined ? '' : JSON.stringify(alive) }, seenMs);
    return alive;
  }

  async #ask<Name extends KindName>(view: View, kind: Name, id: string): Promise<Kinds[Name] | undefined> {
    const { command, read } = KINDS[kind] as Kind<Kinds[Name]>;
    try {
      for (const params of byId(kind, id, view.role)) {
        const [found] = await view.client.list(command, read, params);
        if (found !== undefined && found.id === id) return found;
      }
      return undefined;
    } catch (error) {
      const ours = fromCloud(error);
      if (OvirtError.is(ours, 'OVIRT_NOT_FOUND') || OvirtError.is(ours, 'OVIRT_FORBIDDEN')) return undefined;
      throw ours;
    }
  }

  /** Gone in the service's view; in the views of keys it is asked for anew. */
  async #forget(kind: 'vm' | 'volume', id: string): Promise<void> {
    await this.#shelves.drop(kind, id);
    if ((await this.#options.cloud.service()) === undefined) return;
    await this.#shelves.put({ kind, scope: 'service' }, { id, body: '' }, this.#options.clock.now());
  }
}

const indexes = new WeakMap<readonly object[], ReadonlyMap<string, object>>();

/** Kept beside the list, which stays the same object while nothing changes. */
function find<T extends { readonly id: string }>(list: readonly T[], id: string): T | undefined {
  const index = (indexes.get(list) as ReadonlyMap<string, T> | undefined) ?? new Map(list.map((item) => [item.id, item]));
  indexes.set(list, index);
  return index.get(id);
}

function volumesByVm(volumes: readonly Volume[]): ReadonlyMap<string, readonly Volume[]> {
  const sorted = volumes.toSorted((a, b) => (a.deviceid ?? Number.MAX_SAFE_INTEGER) - (b.deviceid ?? Number.MAX_SAFE_INTEGER));
  return Map.groupBy(sorted, (volume) => volume.virtualmachineid ?? '');
}

function notFound(id: string): never {
  throw OvirtError('OVIRT_NOT_FOUND', { id });
}
