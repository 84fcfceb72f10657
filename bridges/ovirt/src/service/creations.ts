import { readVirtualMachine, readVolume } from '@fairlead/cloudstack';
import type { Audit } from '@fairlead/kernel/audit';
import type { Clock } from '@fairlead/kernel/clock';
import type { Log } from '@fairlead/kernel/log';
import {
  findCreation,
  findUntold,
  forgetCreation,
  nameCreation,
  noteCreation,
  purgeCreations,
  tellCreation,
  untoldBefore,
} from '../store/creations.ts';
import { findJob } from '../store/jobs.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { openTransfersOf } from '../store/transfers.ts';
import type { CreationKind, CreationRow } from '../store/write-tables.ts';
import { FACE } from './audit-of.ts';
import type { RequestFacts } from './backups.ts';
import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import type { Events } from './events.ts';
import { noneIfAbsent } from './failure.ts';
import type { Inventory } from './inventory.ts';
import type { Owner } from './owners.ts';

interface CreationParts {
  readonly store: OvirtStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  readonly cloud: Cloud;
  readonly events: Events;
  readonly inventory: Inventory;
}

/** What a request asks to be made. */
export interface CreationWish {
  readonly kind: CreationKind;
  readonly name: string;
  readonly owner: Owner;
  /** Chosen by us or by the caller; empty where CloudStack chooses it. */
  readonly objectId: string;
  readonly jobId: string;
}

/** So long a caller may take to repeat a request that nobody answered; then what came of it is removed, unless it is in use. */
const UNTOLD_MS = 15 * 60_000;
/** So long a repeated request gets what the first one made. */
const TOLD_MS = 7 * 24 * 3_600_000;

/**
 * What CloudStack makes for requests whose answers may be lost: on our way to CloudStack, on its way back, or on ours to the caller. The row is
 * there before CloudStack is asked, so the same request, repeated, finds what the first one made; and what nobody was told of and nobody asks for
 * again does not stay for ever.
 */
export class Creations {
  readonly #parts: CreationParts;

  constructor(parts: CreationParts) {
    this.#parts = parts;
  }

  /** One and the same request has one key: its caller, its correlation id, what it makes and its name. */
  key(kind: CreationKind, caller: Caller, facts: RequestFacts, name: string): string {
    return `${caller.subject} ${facts.correlationId} ${kind} ${name}`;
  }

  /** What was asked for by the same request before; or by that name, and the caller was never told of it: he asks again. */
  async known(key: string, wish: { readonly kind: CreationKind; readonly subject: string; readonly name: string }) {
    return (await findCreation(this.#parts.store, key)) ?? (await findUntold(this.#parts.store, wish));
  }

  /** Before CloudStack is asked. What an earlier attempt noted under another key goes. */
  async note(key: string, caller: Caller, wish: CreationWish, former?: CreationRow): Promise<void> {
    const { store, clock } = this.#parts;
    if (former !== undefined && former.key !== key) await forgetCreation(store, former.key);
    const { kind, name, objectId, jobId } = wish;
    await noteCreation(store, {
      key,
      kind,
      subject: caller.subject,
      name,
      owner: JSON.stringify(wish.owner),
      object_id: objectId,
      job_id: jobId,
      created_ms: clock.now(),
      told_ms: null,
    });
  }

  async named(key: string, objectId: string): Promise<void> {
    await nameCreation(this.#parts.store, key, objectId);
  }

  /** Before the answer that tells its id goes out. */
  async tell(key: string): Promise<void> {
    await tellCreation(this.#parts.store, key, this.#parts.clock.now());
  }

  /** CloudStack has said no: there is nothing. */
  async forget(key: string): Promise<void> {
    await forgetCreation(this.#parts.store, key);
  }

  /** One round: removes what nobody was told of and nobody has asked for again. CloudStack's absence puts it off. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts;
    for (const row of await untoldBefore(store, clock.now() - UNTOLD_MS)) {
      const job = await findJob(store, row.job_id);
      if (job?.status !== 'started') await this.#remove(row, signal);
    }
    await purgeCreations(store, clock.now() - TOLD_MS);
  }

  async #remove(row: CreationRow, signal: AbortSignal): Promise<void> {
    const { store, audit, events, log } = this.#parts;
    const removed = row.kind === 'vm' ? await this.#removeVm(row, signal) : await this.#removeDisk(row, signal);
    if (removed) {
      const what = row.kind === 'vm' ? 'VM' : 'Disk';
      const description = `${what} ${row.name} was removed: it was made for a request that nobody got an answer to, and nobody has asked for it again`;
      log.warn({ kind: row.kind, id: row.object_id, name: row.name }, 'what was made for a request without an answer was removed');
      const entry = { face: FACE, actor: 'fairlead', action: `${row.kind}.remove`, outcome: 'ok' } as const;
      await audit.record({ ...entry, object: row.object_id, detail: { name: row.name, why: 'nobody was told of it' } });
      await events.tell({ severity: 'warning', description, owner: { subject: row.subject, userId: '' } });
    }
    await forgetCreation(store, row.key);
  }

  /** Only an empty one that nobody has touched. */
  async #removeVm(row: CreationRow, signal: AbortSignal): Promise<boolean> {
    const service = await this.#parts.cloud.require();
    const filter = row.object_id === '' ? { name: row.name, ...(JSON.parse(row.owner) as Owner) } : { id: row.object_id, listall: true };
    const found = await service.list('listVirtualMachines', readVirtualMachine, filter, { signal }).catch(noneIfAbsent);
    const vm = found.find((one) => one.name === row.name && one.state === 'Stopped');
    if (vm === undefined || (vm.nic ?? []).length > 0) return false;
    const volumes = await service.list('listVolumes', readVolume, { virtualmachineid: vm.id, listall: true }, { signal });
    if (volumes.length > 0) return false;
    await service.run('destroyVirtualMachine', { id: vm.id, expunge: true }, { signal });
    await this.#parts.inventory.forgetVm(vm.id);
    return true;
  }

  /** Only one that no VM has and that nothing was moved into. */
  async #removeDisk(row: CreationRow, signal: AbortSignal): Promise<boolean> {
    const { cloud, store, inventory } = this.#parts;
    const service = await cloud.require();
    const filter = { id: row.object_id, listall: true };
    const [volume] = await service.list('listVolumes', readVolume, filter, { signal }).catch(noneIfAbsent);
    if (volume === undefined || volume.virtualmachineid !== undefined) return false;
    if ((await openTransfersOf(store, 'disk_id', volume.id)).length > 0) return false;
    await service.call('deleteVolume', { id: volume.id }, { signal });
    await inventory.forgetVolume(volume.id);
    return true;
  }
}
