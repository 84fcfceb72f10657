import type { Parts } from '../service/parts.ts';
import { factsOf } from './answers.ts';
import type { Route } from './route.ts';

/** New VMs (ovirt 5.7.3). */
export function vmCreateRoutes({ vmCreate, vmView, href }: Parts): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/vms',
      handle: async (call) => {
        const body = call.body('vm');
        const made = await vmCreate.add(call.caller, body, factsOf(call));
        if ('vm' in made) return { status: 201, type: 'vm', object: await vmView.toVm(call.caller, made.vm) };
        return { status: 202, type: 'vm', object: { id: made.id, href: href('vms', made.id), name: body.name, status: 'image_locked' } };
      },
    },
  ];
}
