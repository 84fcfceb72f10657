import type { InventoryFact, InventoryItem } from '@fairlead/kernel/services';
import { latestMoment, wordOf } from './facts.ts';
import type { ItemMapper } from './workload.ts';
import type { BackupStatus, Status } from './workload-attributes.ts';

/** CloudStack's words for the state of a VM (cyberapp 5.2). */
const STATES: Readonly<Record<string, Status>> = {
  running: 'ONLINE',
  stopped: 'OFFLINE',
  shutdown: 'OFFLINE',
  paused: 'OFFLINE',
  starting: 'TRANSITION',
  stopping: 'TRANSITION',
  migrating: 'TRANSITION',
  restoring: 'TRANSITION',
  error: 'ERROR',
  unknown: 'ERROR',
};

const GONE = new Set(['destroyed', 'expunging']);

/** A VM (cyberapp 5.2). */
export const machineWorkload: ItemMapper = (item, facts) => {
  if (item.kind !== 'virtual_machine') return undefined;
  if (isGone(item, facts)) return undefined;
  const state = stateOf(item, facts);
  const { attributes } = item;
  const values = { ...attributes, status: STATES[state] ?? attributes.status, ...backupsOf(item, facts) };
  return { type: 'virtual_machine', enabled: state !== 'error', values, volatile: ['last_backup'] };
};

/** CloudStack lists a VM for some time after it is destroyed. */
export function isGone(item: InventoryItem, facts: readonly InventoryFact[] | undefined): boolean {
  return GONE.has(stateOf(item, facts));
}

/** In lower case; empty while it is not known. */
function stateOf({ attributes }: InventoryItem, facts: readonly InventoryFact[] = []): string {
  const state = attributes.state ?? wordOf(facts, 'state');
  return typeof state === 'string' ? state.toLowerCase() : '';
}

/** A backup that runs changes nothing here, or every backup would cost two updates. */
function backupsOf({ attributes }: InventoryItem, facts: readonly InventoryFact[] | undefined): Readonly<Record<string, unknown>> {
  if (attributes.backup_status !== undefined) return {};
  if (facts === undefined) return { backup_status: 'UNKNOWN' satisfies BackupStatus };
  const [good, bad] = [latestMoment(facts, 'backup_last_ok')?.at, latestMoment(facts, 'backup_last_failed')?.at];
  return {
    backup_status: backupStatus(good, bad),
    ...(good !== undefined && { last_backup: new Date(good).toISOString() }),
  };
}

function backupStatus(good: number | undefined, bad: number | undefined): BackupStatus {
  if (good === undefined && bad === undefined) return 'NEVER';
  return (bad ?? Number.NEGATIVE_INFINITY) > (good ?? Number.NEGATIVE_INFINITY) ? 'FAILED' : 'OK';
}
