import type { InventoryFact, InventoryItem } from '@fairlead/kernel/services';
import { isGone } from './cloudstack-workload.ts';
import { condition, shortName } from './condition.ts';
import type { ConditionInput } from './conditions.ts';
import { factOf, latestMoment, type Moment, wordOf } from './facts.ts';
import { momentOf, momentText, publicText, sinceText } from './text.ts';
import type { Condition } from './types.ts';

/** A VM, and what is told of it. */
interface Machine {
  readonly input: ConditionInput;
  readonly itemKey: string;
  readonly name: string;
  readonly facts: readonly InventoryFact[];
}

/** What is wrong with the VMs of an organization and their backups (cyberapp 5.5). */
export function machineConditions(input: ConditionInput): Condition[] {
  return input.items.flatMap((item) => {
    const facts = input.view.facts.get(item.key) ?? [];
    return facts.length === 0 || isGone(item, facts) ? [] : ofMachine(input, item, facts);
  });
}

function ofMachine(input: ConditionInput, item: InventoryItem, facts: readonly InventoryFact[]): Condition[] {
  const machine = { input, itemKey: item.key, name: shortName(item.name, item.key), facts };
  const found = [backupFailed(machine), backupOverdue(machine), stuckInBackup(machine), inError(machine)];
  return found.filter((one) => one !== undefined);
}

function about({ itemKey, name }: Machine, code: Condition['code']) {
  return { dedupKey: `${code}:${itemKey}`, code, source: 'cloudstack', itemKey, title: name } as const;
}

function backupFailed(machine: Machine): Condition | undefined {
  const failed = latestMoment(machine.facts, 'backup_last_failed');
  const good = latestMoment(machine.facts, 'backup_last_ok');
  if (failed === undefined || (good !== undefined && good.at >= failed.at)) return undefined;
  const began = momentOf(failed.fact.detail?.began);
  const reason = failed.fact.detail?.reason;
  const start = began === undefined ? 'The last backup' : `The backup that began at ${momentText(began)}`;
  return condition({
    ...about(machine, 'backup_failed'),
    since: failed.at,
    title: `Backup of ${machine.name} failed`,
    description: `${start} ended with an error. ${lastGood(good)}`,
    fields: {
      Machine: machine.name,
      Began: began === undefined ? undefined : momentText(began),
      Ended: momentText(failed.at),
      'Last good backup': good && momentText(good.at),
      Error: typeof reason === 'string' ? publicText(reason, machine.input.view.names) : undefined,
    },
  });
}

function lastGood(good: Moment | undefined): string {
  return good === undefined ? 'There is no good backup yet.' : `The last good backup is from ${momentText(good.at)}.`;
}

function backupOverdue(machine: Machine): Condition | undefined {
  const { now, thresholds } = machine.input;
  const good = latestMoment(machine.facts, 'backup_last_ok');
  if (good === undefined || now - good.at < thresholds.backup_overdue_after) return undefined;
  const hours = Math.round(thresholds.backup_overdue_after / 3_600_000);
  return condition({
    ...about(machine, 'backup_overdue'),
    since: good.at + thresholds.backup_overdue_after,
    title: `Backup of ${machine.name} is overdue`,
    description: `There has been no good backup for more than ${hours} hours. ${lastGood(good)}`,
    fields: { Machine: machine.name, 'Last good backup': momentText(good.at) },
  });
}

function stuckInBackup(machine: Machine): Condition | undefined {
  const stuck = factOf(machine.facts, 'backup_stuck');
  if (stuck === undefined || stuck.value === false) return undefined;
  return condition({
    ...about(machine, 'vm_stuck_in_backup'),
    since: stuck.since,
    title: `${machine.name} is stuck in a backup`,
    description: 'A backup or transfer of this machine makes no progress, or has left something behind. It is not backed up meanwhile.',
    fields: { Machine: machine.name, Since: sinceText(stuck.since) },
  });
}

function inError(machine: Machine): Condition | undefined {
  const state = wordOf(machine.facts, 'state');
  const since = factOf(machine.facts, 'state')?.since;
  if (since === undefined || (state !== 'error' && state !== 'unknown')) return undefined;
  const words = state === 'error' ? 'is in error' : 'is in an unknown state';
  return condition({
    ...about(machine, 'vm_error'),
    since,
    title: `${machine.name} ${words}`,
    description: `The machine ${words}. It may not be running.`,
    fields: { Machine: machine.name, Since: sinceText(since) },
  });
}
