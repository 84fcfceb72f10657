import { OvirtError } from '../errors.ts';
import { toEvent } from '../map/event.ts';
import type { Parts } from '../service/parts.ts';
import { idOf } from './answers.ts';
import { listed } from './lists.ts';
import type { Call, Route } from './route.ts';

/** Events: what clients tell, and what this gateway has to tell (ovirt 5.17). */
export function eventRoutes({ events, inventory, href }: Parts): readonly Route[] {
  return [
    listed('/events', 'event', async (call) => {
      const { search, caseSensitive, max } = call;
      const rows = await events.list(call.caller, { search, caseSensitive, max, from: fromOf(call) });
      return rows.map((row) => toEvent(row, href));
    }),
    {
      method: 'GET',
      path: '/events/:event',
      freeParams: ['event'],
      handle: async (call) => ({ status: 200, type: 'event', object: toEvent(await events.get(call.caller, idOf(call, 'event')), href) }),
    },
    {
      method: 'POST',
      path: '/events',
      handle: async (call) => {
        const body = call.body('event');
        if (body.description === undefined) throw OvirtError('OVIRT_INCOMPLETE', { type: 'Event', fields: 'description', action: 'add' });
        const vm = body.vm?.id === undefined ? undefined : await inventory.vm(call.caller, body.vm.id);
        const row = await events.add({
          severity: body.severity ?? 'normal',
          description: body.description,
          owner: call.caller,
          origin: body.origin ?? call.caller.userId,
          customId: body.custom_id,
          vmId: vm?.id,
          correlationId: call.correlationId,
        });
        return { status: 201, type: 'event', object: toEvent(row, href) };
      },
    },
  ];
}

/** Only events after this one. Throws `OVIRT_BAD_REQUEST`. */
function fromOf(call: Call): number {
  const text = call.query.get('from')?.trim() ?? '';
  if (text === '') return 0;
  if (!/^\d{1,15}$/.test(text)) throw OvirtError('OVIRT_BAD_REQUEST', { text: 'from is the number of an event' });
  return Number(text);
}
