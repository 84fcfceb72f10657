import { isUuid } from '@fairlead/kernel/ids';
import type { Vm } from '@fairlead/ovirt';
import { BackupError } from './errors.ts';
import { type BackupSession, needed } from './session.ts';

/** Finds a VM by id or by name; `BACKUP_VM_NOT_FOUND`, or `BACKUP_VM_AMBIGUOUS` when a name stands for several. */
export async function findVm(session: BackupSession, nameOrId: string): Promise<Vm & { readonly id: string }> {
  const { client, signal } = session;
  const found = isUuid(nameOrId)
    ? [await client.getVm(nameOrId, { signal })]
    : (await client.listVms({ search: `name=${quoted(nameOrId)}`, signal })).filter((vm) => vm.name === nameOrId);
  const [vm] = found;
  if (!vm) throw BackupError('BACKUP_VM_NOT_FOUND', { name: nameOrId });
  if (found.length > 1) throw BackupError('BACKUP_VM_AMBIGUOUS', { name: nameOrId, count: found.length });
  return { ...vm, id: needed(vm.id) };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '')}"`;
}
