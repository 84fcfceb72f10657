import { runtime } from '../api-error.ts';
import type { CommandTable, Context } from '../command.ts';
import { pageOf } from '../paging.ts';
import { dateText } from '../time.ts';

/** What belongs to the backup framework and is empty or refused, because no provider but `dummy` is there. */
export const backupFrameworkCommands: CommandTable = {
  createBackup: (context) => createBackup(context),
  deleteBackup: (context) => deleteBackup(context),
  listBackupOfferings: () => ({}),
  listBackupRepositories: () => ({}),
  listBackupSchedule: () => ({}),
  listBackupProviders: ({ params }) => listProviders(params.text('name')),
  listBackupProviderOfferings: (context) => pageOf(context.params, 'backupoffering', POLICIES, (row) => policyView(context, row)),
};

const PROVIDERS = [
  { name: 'dummy', description: 'Dummy Backup Plugin' },
  { name: 'kboss', description: 'KVM Backup on Secondary Storage' },
  { name: 'nas', description: 'NAS Backup Plugin' },
  { name: 'networker', description: 'EMC Networker Backup Plugin' },
];

const POLICIES = [
  { id: 'f30131fc-88cd-4946-85eb-d57d722bdfd2', name: 'Golden Policy', description: 'Gold description', externalid: 'gold-policy' },
  { id: '205b7443-761b-4a7e-a414-de34e5871cbe', name: 'Silver Policy', description: 'Silver description', externalid: 'silver-policy' },
];

function listProviders(name: string | undefined): object {
  const providers = PROVIDERS.filter((row) => (name ?? row.name) === row.name);
  return providers.length === 0 ? {} : { count: providers.length, providers };
}

function policyView({ cloud }: Context, row: (typeof POLICIES)[number]): object {
  const zone = { zoneid: cloud.zone.id, zonename: cloud.zone.name };
  return { ...row, provider: 'dummy', allowuserdrivenbackups: true, ...zone, created: dateText(cloud.clock.now()) };
}

/** The one answer with an internal number for an id (fact 5 of the recordings). */
function createBackup({ cloud, params, job }: Context): object {
  const vm = params.row('virtualmachineid', cloud.vms);
  return job({
    id: String(vm.n),
    instance: { type: 'VirtualMachine', id: vm.id },
    run: () => {
      throw runtime("Cannot create backup as the Instance doesn't have a Backup Offering assigned");
    },
  });
}

function deleteBackup({ cloud, params, job }: Context): object {
  params.row('id', cloud.backups.backups);
  return job({
    run: () => {
      throw runtime('Backup offering with ID [0] does not exist.');
    },
  });
}
