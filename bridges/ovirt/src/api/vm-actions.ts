import { OvirtError } from '../errors.ts';
import { waitFor } from '../service/background.ts';
import type { Parts } from '../service/parts.ts';
import type { PowerAction } from '../service/power.ts';
import { done, factsOf, idOf, jobAndVm, pending } from './answers.ts';
import type { Route } from './route.ts';

const POWER: readonly PowerAction[] = ['start', 'stop', 'shutdown', 'reboot', 'reset'];
/** What CloudStack on KVM cannot do, or not by this API (ovirt 5.7.4). */
const UNSUPPORTED = [
  'suspend',
  'freezefilesystems',
  'thawfilesystems',
  'detach',
  'migrate',
  'cancelmigration',
  'clone',
  'export',
  'ticket',
  'logon',
  'maintenance',
];
/** A request without `async` waits for so long. */
const WAIT_MS = 300_000;

/** Power and other actions of VMs (ovirt 5.7.4). The answer names the job, for clients that poll it. */
export function vmActionRoutes(parts: Parts): readonly Route[] {
  return [...POWER.map((action) => powerRoute(parts, action)), ...UNSUPPORTED.map((action) => refusal(parts, action))];
}

function powerRoute({ power, context, href }: Parts, action: PowerAction): Route {
  return {
    method: 'POST',
    path: `/vms/:vm/${action}`,
    handle: async (call) => {
      const id = idOf(call, 'vm');
      const body = call.body('action');
      const started = await power.start(call.caller, id, action, { body, facts: factsOf(call) });
      const isAsync = call.async || body.async === true;
      const patience = { clock: context.clock, ms: isAsync ? 0 : WAIT_MS, signal: call.signal };
      const outcome = await waitFor(started.done, patience);
      const facts = jobAndVm(href, started.jobId, id);
      return outcome.ended ? done(facts) : pending(facts);
    },
  };
}

function refusal({ inventory }: Parts, action: string): Route {
  return {
    method: 'POST',
    path: `/vms/:vm/${action}`,
    handle: async (call) => {
      await inventory.vm(call.caller, idOf(call, 'vm'));
      throw OvirtError('OVIRT_UNSUPPORTED', { what: `the action ${action} of VMs` });
    },
  };
}
