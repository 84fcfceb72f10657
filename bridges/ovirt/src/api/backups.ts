import { OvirtError } from '../errors.ts';
import { toBackup } from '../map/backup.ts';
import type { Parts } from '../service/parts.ts';
import { done, factsOf, idOf, pending } from './answers.ts';
import { listed } from './lists.ts';
import type { Route } from './route.ts';

/** Backups of a VM (ovirt 5.13). Checkpoints come with incremental backups; until then nobody has any. */
export function backupRoutes(parts: Parts): readonly Route[] {
  const { backups, inventory, diskView, href } = parts;
  const path = '/vms/:vm/backups';
  return [
    listed(path, 'backup', async (call) => {
      const rows = await backups.list(call.caller, idOf(call, 'vm'));
      return rows.slice(0, call.max).map((row) => toBackup(row, href));
    }),
    {
      method: 'POST',
      path,
      handle: async (call) => {
        const row = await backups.create(call.caller, idOf(call, 'vm'), call.body('backup'), factsOf(call));
        return { status: 201, type: 'backup', object: toBackup(row, href) };
      },
    },
    {
      method: 'GET',
      path: `${path}/:backup`,
      handle: async (call) => {
        const row = await backups.get(call.caller, idOf(call, 'vm'), idOf(call, 'backup'), call.signal);
        return { status: 200, type: 'backup', object: toBackup(row, href) };
      },
    },
    {
      method: 'POST',
      path: `${path}/:backup/finalize`,
      handle: async (call) => {
        const row = await backups.finalize(call.caller, idOf(call, 'vm'), idOf(call, 'backup'), factsOf(call));
        return row.ended_ms === null ? pending() : done();
      },
    },
    listed(`${path}/:backup/disks`, 'disk', async (call) => {
      const disks = await backups.disks(call.caller, idOf(call, 'vm'), idOf(call, 'backup'));
      return await Promise.all(disks.slice(0, call.max).map((disk) => diskView.toBackupDisk(call.caller, disk)));
    }),
    {
      method: 'GET',
      path: `${path}/:backup/disks/:disk`,
      handle: async (call) => {
        const id = idOf(call, 'disk');
        const disk = (await backups.disks(call.caller, idOf(call, 'vm'), idOf(call, 'backup'))).find((one) => one.id === id);
        if (disk === undefined) throw OvirtError('OVIRT_NOT_FOUND', { id });
        return { status: 200, type: 'disk', object: await diskView.toBackupDisk(call.caller, disk) };
      },
    },
    listed('/vms/:vm/checkpoints', 'checkpoint', async (call) => {
      await inventory.vm(call.caller, idOf(call, 'vm'));
      return [];
    }),
  ];
}
