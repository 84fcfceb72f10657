import { randomBytes } from 'node:crypto';
import { runtime } from '../api-error.ts';
import type { Backup } from '../backup-rows.ts';
import { inScope } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { unsupported } from '../host-agent.ts';
import { finishTransfer } from '../image-transfers.ts';
import type { Vm } from '../model.ts';
import { pageOf } from '../paging.ts';
import { requireProvider } from '../providers.ts';
import { scopeOf } from '../scope.ts';
import { backupView } from '../views/backup.ts';

/** Backup sessions of the export API (ovirt spec 8). */
export const backupCommands: CommandTable = {
  startBackup: (context) => startBackup(context),
  finalizeBackup: (context) => finalizeBackup(context),
  listBackups: (context) => pageOf(context.params, 'backup', visible(context), (row) => backupView(context.cloud, row)),
};

function startBackup(context: Context): object {
  const { cloud, params, job } = context;
  const vm = params.row('virtualmachineid', cloud.vms);
  requireProvider(cloud);
  requireReady(context, vm);
  const backup = addBackup(context, vm);
  return job({
    id: backup.id,
    instance: { type: 'None' },
    run: () => {
      begin(context, backup);
      return { backup: backupView(cloud, backup) };
    },
  });
}

/** Another backup of the instance is no reason to refuse (fact 33 of the recordings). */
function requireReady({ cloud }: Context, vm: Vm): void {
  if (vm.state !== 'Running' && vm.state !== 'Stopped') throw runtime(`Instance: ${vm.id} is in state ${vm.state}`);
  const volumes = cloud.volumesOf(vm);
  const unready = volumes.filter((volume) => volume.state !== 'Ready').map((volume) => volume.id);
  if (unready.length > 0) throw runtime(`Volumes [${unready.join(', ')}] of Instance: ${vm.id} are not in Ready state`);
  if (volumes.length === 0) throw runtime(`Host cannot be determined for Instance: ${vm.id}`);
}

function addBackup({ cloud, params }: Context, vm: Vm): Backup {
  const row = cloud.row();
  const created = cloud.clock.now();
  const backup: Backup = {
    ...row,
    name: params.text('name') ?? `${vm.n}-${new Date(created).toISOString()}`,
    description: params.text('description'),
    vm,
    owner: vm.owner,
    created,
    live: vm.state === 'Running',
    from: cloud.backups.checkpointsOf(vm)[0]?.id,
    to: `ckp-${randomBytes(4).toString('hex')}`,
    status: 'Queued',
    removed: false,
    readyAt: undefined,
    endedAt: undefined,
  };
  cloud.backups.backups.push(backup);
  return backup;
}

/** A host that says no takes the record away; one that does not know the command leaves it `Queued`. */
function begin({ cloud }: Context, backup: Backup): void {
  const answer = cloud.agent.answer('startBackup');
  if (answer === 'unsupported') throw unsupported('startBackup');
  if (answer !== undefined) {
    cloud.backups.end(backup);
    throw runtime(`Failed to start Backup: ${answer.no}`);
  }
  backup.status = 'ReadyForImageTransfer';
  backup.readyAt = cloud.clock.now();
}

function finalizeBackup(context: Context): object {
  const { cloud, params, job } = context;
  const backup = params.row('id', cloud.backups.backups);
  const vm = params.row('virtualmachineid', cloud.vms);
  return job({
    run: () => {
      if (backup.removed) throw runtime(`Backup not found: ${backup.n}`);
      if (backup.vm !== vm) throw runtime(`Backup does not belong to VM: ${vm.n}`);
      finish(context, backup);
      return { backup: backupView(cloud, backup) };
    },
  });
}

/** A transfer that cannot be ended keeps the backup; a host that refuses to stop loses it (fact 36 of the recordings). */
function finish({ cloud }: Context, backup: Backup): void {
  const begun = backup.readyAt !== undefined;
  backup.status = 'FinalizingImageTransfer';
  for (const transfer of cloud.backups.openTransfersOf(backup)) finishTransfer(cloud, transfer);
  if (begun && backup.live) stopOnHost({ cloud }, backup);
  cloud.backups.rotate(backup.vm, { id: backup.to, created: backup.created });
  backup.status = 'BackedUp';
  cloud.backups.end(backup);
}

function stopOnHost({ cloud }: Pick<Context, 'cloud'>, backup: Backup): void {
  try {
    cloud.agent.ask('stopBackup', (reason) => `Failed to stop backup: ${reason}`);
  } catch (error) {
    cloud.backups.end(backup);
    throw error;
  }
}

function visible({ cloud, caller, params }: Context): Backup[] {
  const id = params.optionalRow('id', cloud.backups.backups)?.id;
  const vm = params.optionalRow('virtualmachineid', cloud.vms);
  const [name, status] = [params.text('name'), params.text('status')];
  return cloud.backups.backups
    .filter((row) => !row.removed && inScope(caller, row.owner, scopeOf(params)))
    .filter((row) => (id ?? row.id) === row.id && (vm ?? row.vm) === row.vm)
    .filter((row) => (name ?? row.name) === row.name && (status ?? row.status) === row.status);
}
