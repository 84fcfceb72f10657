import type { Context, JobStart } from './command.ts';
import type { Vm } from './model.ts';

/** Work on an instance that does not name it as what its job works on. */
const BY_PARAMETER: ReadonlySet<string> = new Set([
  'addNicToVirtualMachine',
  'attachVolume',
  'createVMSnapshot',
  'removeNicFromVirtualMachine',
  'updateDefaultNicForVirtualMachine',
]);

/** Jobs of an instance that are no work on it. */
const FREE: ReadonlySet<string> = new Set(['createBackup', 'deployVirtualMachine']);

/** The instance whose other work a job must wait for: an open backup of it counts as work (ovirt spec 8). */
export function lockedVm({ cloud, command, params }: Pick<Context, 'cloud' | 'command' | 'params'>, start: JobStart): Vm | undefined {
  if (FREE.has(command)) return undefined;
  if (start.instance?.type === 'VirtualMachine') return cloud.vms.find((vm) => vm.id === start.instance?.id);
  if (BY_PARAMETER.has(command)) return params.optionalRow('virtualmachineid', cloud.vms);
  if (command === 'detachVolume') return cloud.volumes.find((volume) => volume.id === start.instance?.id)?.vm;
  return undefined;
}
