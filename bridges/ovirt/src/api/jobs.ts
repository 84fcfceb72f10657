import { OvirtError } from '../errors.ts';
import { toStep } from '../map/job.ts';
import type { Parts } from '../service/parts.ts';
import { idOf } from './answers.ts';
import { listed } from './lists.ts';
import type { Call, Route } from './route.ts';

/** Jobs and their one step (ovirt 5.16). */
export function jobRoutes({ jobs, href }: Parts): readonly Route[] {
  const job = (call: Call) => jobs.get(call.caller, idOf(call, 'job'), call.signal);
  return [
    listed('/jobs', 'job', (call) => jobs.list(call.caller, call)),
    { method: 'GET', path: '/jobs/:job', handle: async (call) => ({ status: 200, type: 'job', object: await job(call) }) },
    listed('/jobs/:job/steps', 'step', async (call) => [toStep(await job(call), href)]),
    {
      method: 'GET',
      path: '/jobs/:job/steps/:step',
      handle: async (call) => {
        const step = toStep(await job(call), href);
        if (step.id !== idOf(call, 'step')) throw OvirtError('OVIRT_NOT_FOUND', { id: idOf(call, 'step') });
        return { status: 200, type: 'step', object: step };
      },
    },
  ];
}
