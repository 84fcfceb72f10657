import type { DiskAttachment } from '@fairlead/ovirt';
import { toDiskAttachment } from '../map/disk.ts';
import type { Attached } from '../service/attachments.ts';
import type { Parts } from '../service/parts.ts';
import { done, factsOf, flagOf, idOf } from './answers.ts';
import { listed } from './lists.ts';
import type { OneAnswer, Route } from './route.ts';

/** Disks of a VM (ovirt 5.9). */
export function diskAttachmentRoutes({ attachments, href }: Parts): readonly Route[] {
  const object = ({ volume, vm }: Attached): DiskAttachment => toDiskAttachment(volume, vm, href);
  const one = (attached: Attached, status = 200): OneAnswer => ({ status, type: 'disk_attachment', object: object(attached) });
  const path = '/vms/:vm/diskattachments';
  return [
    listed(path, 'disk_attachment', async (call) => {
      const all = await attachments.list(call.caller, idOf(call, 'vm'));
      return all.slice(0, call.max).map(object);
    }),
    {
      method: 'GET',
      path: `${path}/:disk`,
      handle: async (call) => one(await attachments.get(call.caller, idOf(call, 'vm'), idOf(call, 'disk'))),
    },
    {
      method: 'POST',
      path,
      handle: async (call) => one(await attachments.add(call.caller, idOf(call, 'vm'), call.body('disk_attachment'), factsOf(call)), 201),
    },
    {
      method: 'PUT',
      path: `${path}/:disk`,
      // CloudStack has nothing to change here: what is asked for is read, what is true is answered.
      handle: async (call) => {
        call.body('disk_attachment');
        return one(await attachments.get(call.caller, idOf(call, 'vm'), idOf(call, 'disk')));
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:disk`,
      handle: async (call) => {
        const erase = flagOf(call, 'detach_only') === false;
        await attachments.remove(call.caller, idOf(call, 'vm'), idOf(call, 'disk'), { erase, facts: factsOf(call) });
        return done();
      },
    },
  ];
}
