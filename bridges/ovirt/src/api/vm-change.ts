import { waitFor } from '../service/background.ts';
import type { Parts } from '../service/parts.ts';
import { done, factsOf, flagOf, idOf, jobAndVm, pending } from './answers.ts';
import type { Route } from './route.ts';

const WAIT_MS = 300_000;

/** Changing and removing a VM (ovirt 5.7.4). */
export function vmChangeRoutes({ vms, vmView, context, href }: Parts): readonly Route[] {
  return [
    {
      method: 'PUT',
      path: '/vms/:vm',
      handle: async (call) => {
        const vm = await vms.change(call.caller, idOf(call, 'vm'), call.body('vm'), factsOf(call));
        return { status: 200, type: 'vm', object: await vmView.toVm(call.caller, vm) };
      },
    },
    {
      method: 'DELETE',
      path: '/vms/:vm',
      handle: async (call) => {
        const id = idOf(call, 'vm');
        const body = call.body('action');
        const keepDisks = flagOf(call, 'detach_only') ?? false;
        const force = flagOf(call, 'force') ?? body.force ?? false;
        const started = await vms.remove(call.caller, id, { keepDisks, force, facts: factsOf(call) });
        const patience = { clock: context.clock, ms: call.async ? 0 : WAIT_MS, signal: call.signal };
        const outcome = await waitFor(started.done, patience);
        const { job } = jobAndVm(href, started.jobId, id);
        return outcome.ended ? done({ job }) : pending({ job });
      },
    },
  ];
}
