import type { Host, StoragePool, VirtualMachine } from '@fairlead/cloudstack';
import type { InventoryFact } from '@fairlead/kernel/services';
import type { NewFact } from '../store/told-facts.ts';
import type { BackupEndRow, FactSource, ItemFactRow } from '../store/told-tables.ts';
import type { BackupRow, TransferRow } from '../store/write-tables.ts';
import { cleanText, outsideText } from './text.ts';
import { itemKey, sizeOfPool, timeText } from './told-items.ts';

type Detail = NonNullable<InventoryFact['detail']>;

/** CloudStack's word for the state of a VM. */
export function vmFacts(vm: VirtualMachine): readonly NewFact[] {
  return [stateFact(vm.id, 'state', vm.state)];
}

/** CloudStack's word for the state of a host; what an administrator has made of it (`Maintenance`) stands beside it. */
export function hostFacts(host: Host): readonly NewFact[] {
  if (host.state === undefined) return [];
  const resource = cleanText(host.resourcestate);
  return [stateFact(host.id, 'host_state', host.state, resource === undefined ? undefined : { resource_state: resource })];
}

/** How much of a pool is used, from 0 to 1, to a ten thousandth. */
export function poolFacts(pool: StoragePool): readonly NewFact[] {
  const [used, size] = [pool.disksizeused, sizeOfPool(pool)];
  if (used === undefined || used < 0 || size === undefined || size <= 0) return [];
  const share = Math.round((used / size) * 10_000) / 10_000;
  return [{ id: pool.id, code: 'used_share', value: JSON.stringify(share), mark: '', detail: null }];
}

/** Open backups and transfers of one VM, the oldest first. */
export interface OpenWork {
  readonly vmId: string;
  readonly backups: readonly BackupRow[];
  readonly transfers: readonly TransferRow[];
}

/**
 * A VM that is in a backup or transfer. It makes progress when a phase changes, bytes move that had not moved before, or a part of it
 * begins or ends; that its client asks how it goes is none. Whoever reads it decides how long without progress is stuck.
 */
export function workFact({ vmId, backups, transfers }: OpenWork): NewFact {
  const mark = [
    ...backups.map(({ id, phase }) => [id, phase]),
    ...transfers.map(({ id, phase, transferred }) => [id, phase, Number(transferred)]),
  ];
  const began = Math.min(...[...backups, ...transfers].map((row) => Number(row.created_ms)));
  const detail = { what: backups.length > 0 ? 'backup' : 'transfer', began: timeText(began) ?? '' };
  return { id: vmId, code: 'backup_stuck', value: 'true', mark: JSON.stringify(mark), detail: JSON.stringify(detail) };
}

const ITEM_KIND = { vm: 'vm', host: 'host', pool: 'pool', work: 'vm' } as const satisfies Record<FactSource, string>;

/** A kept fact as others are told it. */
export function toldFact(row: ItemFactRow, cloud: string): InventoryFact {
  const { source, id, code, since_ms: since } = row;
  const fact = { key: itemKey(cloud, ITEM_KIND[source], id), code, since, value: JSON.parse(row.value) as InventoryFact['value'] };
  return row.detail === null ? fact : { ...fact, detail: JSON.parse(row.detail) as Detail };
}

/** How a VM's backups ended last, with the reason of a failure as customers may read it: `names` are those of hosts and pools. */
export function backupFact(end: BackupEndRow, cloud: string, names: RegExp | undefined): InventoryFact {
  const key = itemKey(cloud, 'vm', end.vm_id);
  const times = { since: end.ended_ms, value: timeText(end.ended_ms) ?? '' };
  const began = timeText(end.began_ms) ?? '';
  if (end.outcome === 'ok') return { key, code: 'backup_last_ok', ...times, detail: { began } };
  const reason = outsideText(end.reason ?? '', names);
  return { key, code: 'backup_last_failed', ...times, detail: reason === undefined ? { began } : { began, reason } };
}

function stateFact(id: string, code: string, state: string, detail?: Detail): NewFact {
  const value = JSON.stringify(cleanText(state, 100) ?? 'Unknown');
  return { id, code, value, mark: value, detail: detail === undefined ? null : JSON.stringify(detail) };
}
