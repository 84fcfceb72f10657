import { CloudStackError, type Params, readVolume, type StoragePool, type Volume } from '@fairlead/cloudstack';
import type { Clock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import type { Disk } from '@fairlead/ovirt';
import { OvirtError } from '../errors.ts';
import { type DiskWish, readDiskWish } from '../map/disk-wish.ts';
import { chooseDiskOffering } from '../map/offering-choice.ts';
import { disksCreatedBy, forgetDisk, keepDisk } from '../store/disks.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { offeringOfRestore } from '../store/restores.ts';
import type { CreationRow } from '../store/write-tables.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import type { Creations } from './creations.ts';
import { isPassing, noneIfAbsent, refusalText } from './failure.ts';
import type { Inventory } from './inventory.ts';
import { diskLock } from './locks.ts';
import type { OperationRun, Operations, Started } from './operations.ts';
import { type Owner, ownerOf } from './owners.ts';

interface DiskCreateParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly cloud: Cloud;
  readonly inventory: Inventory;
  readonly operations: Operations;
  readonly creations: Creations;
}

/** A disk under way: it can be looked at as soon as CloudStack has taken the job. */
export interface NewDisk extends Started<Volume> {
  readonly named: Promise<string>;
  /** Before its id is told to the caller. */
  tell(): Promise<void>;
}

/** One disk on its way. */
interface Making {
  readonly wish: DiskWish;
  readonly pool: StoragePool;
  readonly params: Params;
  readonly id: string;
  readonly owner: Owner;
  readonly key: string;
  /** What an earlier request of the same meaning has noted. */
  readonly former: CreationRow | undefined;
  readonly named: PromiseWithResolvers<string>;
}

const DEADLINE_MS = 15 * 60_000;
const POLL_MS = 500;
/** Pools whose images a host can open as files. */
const FILE_POOLS = new Set(['Filesystem', 'NetworkFilesystem', 'SharedMountPoint']);

/** Makes disks that can be uploaded to at once: only a root admin may say in which storage (ovirt 5.8). */
export class DiskCreate {
  readonly #parts: DiskCreateParts;

  constructor(parts: DiskCreateParts) {
    this.#parts = parts;
  }

  /**
   * A repeated request gets the disk that the first one made, also when nobody was told of it (ovirt 10.3).
   * Throws `OVIRT_INCOMPLETE`, `OVIRT_BAD_REQUEST`, `OVIRT_NOT_FOUND`, `OVIRT_STORAGE_UNSUPPORTED`, `OVIRT_NO_DISK_OFFERING`,
   * `OVIRT_SERVICE_KEY_NEEDED`; `done` also `OVIRT_MISPLACED`.
   */
  async start(caller: Caller, body: Disk, facts: RequestFacts): Promise<NewDisk> {
    const wish = readDiskWish(body);
    const pool = await this.#pool(caller, wish);
    if (!FILE_POOLS.has(pool.type ?? '')) throw OvirtError('OVIRT_STORAGE_UNSUPPORTED', { type: pool.type ?? 'an unknown kind' });
    const offering = await this.#offering(caller, wish, pool);
    await this.#parts.cloud.require();
    if (!(await this.#parts.cloud.features()).createVolumeStorageId)
      throw OvirtError('OVIRT_UNSUPPORTED', { what: 'new disks: this CloudStack cannot place them' });
    const named = Promise.withResolvers<string>();
    named.promise.catch(() => undefined);
    const { creations } = this.#parts;
    const key = creations.key('disk', caller, facts, wish.name);
    const former = await this.#former(key, caller, wish);
    // The id is ours even where the caller gives none: whatever becomes of CloudStack's answer, the volume is found by it.
    const id = wish.id ?? former?.object_id ?? newUuid();
    const owner = ownerOf(caller);
    const params = {
      name: wish.name,
      zoneid: pool.zoneid,
      diskofferingid: offering.id,
      size: offering.iscustomized === true ? wish.sizeGiB : undefined,
      storageid: pool.id,
      customid: id,
      ...owner,
    };
    const started = await this.#parts.operations.start({
      caller,
      facts,
      action: 'disk.create',
      description: `Creating disk ${wish.name}`,
      objectType: 'disk',
      objectId: id,
      locks: [diskLock(id)],
      deadlineMs: DEADLINE_MS,
      madeId: (volume: Volume) => volume.id,
      work: (run) => this.#make(caller, { wish, pool, params, named, id, owner, key, former }, run),
    });
    return { ...started, named: named.promise, tell: () => creations.tell(key) };
  }

  /** What the same request, or one without an answer, has asked for before; another id than the wanted one is another disk. */
  async #former(key: string, caller: Caller, wish: DiskWish): Promise<CreationRow | undefined> {
    const known = await this.#parts.creations.known(key, { kind: 'disk', subject: caller.subject, name: wish.name });
    return wish.id === undefined || known?.object_id === wish.id ? known : undefined;
  }

  async #make(caller: Caller, plan: Making, run: OperationRun): Promise<Volume> {
    const { wish, pool, named, id, key, former } = plan;
    const { creations } = this.#parts;
    try {
      const isThere = former !== undefined && (await this.#look(id, run.signal)) !== undefined;
      await creations.note(key, caller, { kind: 'disk', name: wish.name, owner: plan.owner, objectId: id, jobId: run.jobId }, former);
      const volume = isThere ? await this.#takeUp(caller, plan, run) : await this.#create(caller, plan, run);
      return await this.#settle(caller, wish, { volume, pool, run });
    } catch (error) {
      const refusal = /already exists/i.test(refusalText(error))
        ? OvirtError('OVIRT_CONFLICT', { text: `A disk of the id ${wish.id} exists already` })
        : error;
      named.reject(refusal);
      // While CloudStack may still make it, the row stays: whoever follows the job ends it.
      const mayCome = run.signal.aborted || isPassing(error) || isLate(error);
      if (mayCome) throw refusal;
      await creations.forget(key);
      for (const disk of await disksCreatedBy(this.#parts.store, run.jobId)) await forgetDisk(this.#parts.store, disk.id);
      throw refusal;
    }
  }

  async #create(caller: Caller, { wish, params, named, former, ...plan }: Making, run: OperationRun): Promise<Volume> {
    const onId = async (id: string) => {
      await this.#note(caller, wish, { id, jobId: run.jobId });
      named.resolve(id);
    };
    try {
      const service = await this.#parts.cloud.require();
      return readVolume(await run.cloud(service, 'createVolume', params, { onId }));
    } catch (error) {
      // The request of a gateway that was killed may arrive as late as this one.
      if (former === undefined || !/already exists/i.test(refusalText(error))) throw error;
      return await this.#takeUp(caller, { wish, named, id: plan.id }, run);
    }
  }

  /** CloudStack makes it already, for an earlier request: waits until it has done so. */
  async #takeUp(caller: Caller, plan: Pick<Making, 'wish' | 'named' | 'id'>, run: OperationRun): Promise<Volume> {
    const { wish, named, id } = plan;
    await this.#note(caller, wish, { id, jobId: run.jobId });
    named.resolve(id);
    const deadline = AbortSignal.any([run.signal, AbortSignal.timeout(DEADLINE_MS)]);
    for (;;) {
      const volume = await this.#look(id, deadline);
      if (volume === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
      if (volume.state !== 'Creating' && volume.state !== 'Allocated') return volume;
      await this.#parts.clock.sleep(POLL_MS, deadline);
    }
  }

  async #look(id: string, signal: AbortSignal): Promise<Volume | undefined> {
    const service = await this.#parts.cloud.require();
    const found = await service.list('listVolumes', readVolume, { id, listall: true }, { signal }).catch(noneIfAbsent);
    return found[0];
  }

  /** Before the job ends: what GET shows meanwhile. */
  async #note(caller: Caller, wish: DiskWish, made: { id: string; jobId: string }): Promise<void> {
    const row = {
      creating: made.jobId,
      subject: caller.subject,
      description: wish.description ?? null,
      initial_size: wish.initialSize ?? null,
    };
    await keepDisk(this.#parts.store, made.id, { ...row, illegal: 0, reason: null }, this.#parts.clock.now());
    await this.#parts.inventory.adopt(caller, 'volume', made.id);
  }

  /** From an ordinary key CloudStack ignores the storage in silence, so what it says is checked (ovirt 5.8). */
  async #settle(caller: Caller, wish: DiskWish, made: { volume: Volume; pool: StoragePool; run: OperationRun }): Promise<Volume> {
    const { inventory, store, cloud, clock } = this.#parts;
    const { volume, pool } = made;
    if (volume.state === 'Ready' && volume.storageid === pool.id && (volume.size ?? 0) >= wish.sizeBytes) {
      await keepDisk(store, volume.id, { creating: null }, clock.now());
      await inventory.adopt(caller, 'volume', volume.id);
      return volume;
    }
    const service = await cloud.require();
    await service.call('deleteVolume', { id: volume.id }, { signal: made.run.signal });
    await forgetDisk(store, volume.id);
    await inventory.forgetVolume(volume.id);
    throw OvirtError('OVIRT_MISPLACED', { state: volume.state, pool: volume.storage ?? 'no storage', wanted: pool.name });
  }

  async #pool(caller: Caller, wish: DiskWish): Promise<StoragePool> {
    const pools = await this.#parts.inventory.pools(caller);
    const found = pools.find((pool) => (wish.pool.id === undefined ? pool.name === wish.pool.name : pool.id === wish.pool.id));
    if (found === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id: wish.pool.id ?? wish.pool.name ?? '' });
    if (found.state !== 'Up') throw OvirtError('OVIRT_CONFLICT', { text: `Storage ${found.name} is ${found.state ?? 'not up'}` });
    return found;
  }

  async #offering(caller: Caller, wish: DiskWish, pool: StoragePool) {
    const { inventory, store } = this.#parts;
    const isLocal = pool.scope === 'HOST';
    const restored = wish.id === undefined ? undefined : await offeringOfRestore(store, wish.id);
    const offering = chooseDiskOffering(await inventory.diskOfferings(caller), {
      sizeGiB: wish.sizeGiB,
      zoneId: pool.zoneid ?? '',
      isLocal,
      preferred: wish.offeringId ?? restored,
      domainId: caller.isRootAdmin ? undefined : caller.domainId,
    });
    if (offering === undefined) throw OvirtError('OVIRT_NO_DISK_OFFERING', { storage: isLocal ? 'local' : 'shared' });
    return offering;
  }
}

function isLate(error: unknown): boolean {
  return error instanceof CloudStackError && error.code === 'CLOUDSTACK_JOB_TIMEOUT';
}
