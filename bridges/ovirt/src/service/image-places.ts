import {
  type Host,
  readHost,
  readStoragePool,
  readVirtualMachine,
  readVolume,
  type StoragePool,
  type VirtualMachine,
  type Volume,
} from '@fairlead/cloudstack';
import type { ServiceRegistry } from '@fairlead/kernel/lifecycle';
import type { HostRef, ImageBackups, ImageFile, ImageTransfers } from '@fairlead/kernel/services';
import { OvirtError } from '../errors.ts';
import { seesPool, toHostRef, toImageFile } from '../map/image-place.ts';
import type { Cloud } from './cloud.ts';

/** Files of volumes, and hosts that can open all of them, the best first. */
export interface ImagePlaces {
  readonly files: readonly ImageFile[];
  readonly hosts: readonly HostRef[];
}

/** Finds where images are, by the service key: tenants see neither pools nor hosts (ovirt 3.7). */
export class ImagePlacesFinder {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** A volume that the caller sees, as it is now, with path and pool. Throws `OVIRT_NOT_FOUND`, `OVIRT_SERVICE_KEY_NEEDED`. */
  async volume(known: { readonly id: string; readonly projectid?: string | undefined }, signal: AbortSignal): Promise<Volume> {
    const { id, projectid } = known;
    const client = await this.#cloud.require();
    const [volume] = await client.list('listVolumes', readVolume, { id, projectid }, { signal });
    if (volume === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
    return volume;
  }

  /** A VM that the caller sees, as it is now. Throws `OVIRT_NOT_FOUND`, `OVIRT_SERVICE_KEY_NEEDED`. */
  async vm(known: { readonly id: string; readonly projectid?: string | undefined }, signal: AbortSignal): Promise<VirtualMachine> {
    const { id, projectid } = known;
    const client = await this.#cloud.require();
    const [vm] = await client.list('listVirtualMachines', readVirtualMachine, { id, projectid }, { signal });
    if (vm === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
    return vm;
  }

  async volumesOf(vm: VirtualMachine, signal: AbortSignal): Promise<readonly Volume[]> {
    const client = await this.#cloud.require();
    return await client.list('listVolumes', readVolume, { virtualmachineid: vm.id, listall: true, projectid: vm.projectid }, { signal });
  }

  /**
   * Asked for anew each time: a host may have gone down since the last refresh.
   * Throws `OVIRT_STORAGE_UNSUPPORTED`, `OVIRT_CONFLICT` when no host is up, `OVIRT_SERVICE_KEY_NEEDED`.
   */
  async find(volumes: readonly Volume[], signal: AbortSignal): Promise<ImagePlaces> {
    const pools = await this.#pools(volumes, signal);
    const files = volumes.map((volume) => fileOf(volume, pools.get(volume.storageid ?? '')));
    const all = await this.#hosts([...pools.values()], signal);
    const hosts = all.filter((host) => [...pools.values()].every((pool) => seesPool(host, pool)));
    if (hosts.length === 0) {
      const names = [...pools.values()].map((pool) => pool.name).join(', ');
      throw OvirtError('OVIRT_CONFLICT', { text: `No host that is up and enabled sees the storage ${names}` });
    }
    return { files, hosts: hosts.map(toHostRef) };
  }

  async #pools(volumes: readonly Volume[], signal: AbortSignal): Promise<ReadonlyMap<string, StoragePool>> {
    const client = await this.#cloud.require();
    const pools = new Map<string, StoragePool>();
    for (const id of new Set(volumes.map((volume) => volume.storageid))) {
      if (id === undefined)
        throw OvirtError('OVIRT_CONFLICT', {
          text: 'The disk is in no storage yet: attach it to a VM that is started, or create it in a storage domain',
        });
      const [pool] = await client.list('listStoragePools', readStoragePool, { id }, { signal });
      if (pool === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
      pools.set(id, pool);
    }
    return pools;
  }

  async #hosts(pools: readonly StoragePool[], signal: AbortSignal): Promise<readonly Host[]> {
    const client = await this.#cloud.require();
    const zoneid = pools[0]?.zoneid;
    const clusterid = pools.find((pool) => pool.scope !== 'ZONE')?.clusterid;
    return await client.list('listHosts', readHost, { type: 'Routing', zoneid, clusterid }, { signal });
  }
}

function fileOf(volume: Volume, pool: StoragePool | undefined): ImageFile {
  const file = pool && toImageFile(volume, pool);
  if (file === undefined) throw OvirtError('OVIRT_STORAGE_UNSUPPORTED', { type: pool?.type ?? 'an unknown kind' });
  return file;
}

/** The services of the image bridge; refuses when this gateway is read-only (ovirt 1.3). */
export class ImageServices {
  readonly #services: ServiceRegistry;
  readonly #isOff: boolean;

  constructor(services: ServiceRegistry, isOff: boolean) {
    this.#services = services;
    this.#isOff = isOff;
  }

  /** Throws `OVIRT_UNSUPPORTED`, `FAIRLEAD_SERVICE_ABSENT`. */
  get backups(): ImageBackups {
    this.#check();
    return this.#services.get('image.backups');
  }

  get transfers(): ImageTransfers {
    this.#check();
    return this.#services.get('image.transfers');
  }

  #check(): void {
    if (this.#isOff) throw OvirtError('OVIRT_UNSUPPORTED', { what: 'images, because this gateway is read-only ([ovirt] backend = none)' });
  }
}
