import type { CommandTable, Context } from '../command.ts';
import { pageOf } from '../paging.ts';
import { dateText } from '../time.ts';

/** Checkpoints: the active one and the one before it. */
export const checkpointCommands: CommandTable = {
  listVirtualMachineCheckpoints: (context) => listCheckpoints(context),
  deleteVirtualMachineCheckpoint: (context) => deleteCheckpoint(context),
};

function listCheckpoints({ cloud, params }: Context): object {
  const rows = cloud.backups.checkpointsOf(params.row('virtualmachineid', cloud.vms));
  return pageOf(params, 'checkpoint', rows, (row) => ({ id: row.id, created: dateText(row.created), isactive: row === rows[0] }));
}

/** Only the active one is deleted; any other id is a success without effect (fact 14 of the recordings). */
function deleteCheckpoint({ cloud, params }: Context): object {
  const vm = params.row('virtualmachineid', cloud.vms);
  const [active] = cloud.backups.checkpointsOf(vm);
  if (active === undefined || active.id !== params.text('checkpointid')) return { success: true };
  cloud.agent.ask('deleteCheckpoint', (reason) => `Failed to delete checkpoint: ${reason}`);
  cloud.backups.dropActive(vm);
  return { success: true };
}
