import { OvirtError } from '../errors.ts';
import { toImageTransfer } from '../map/image-transfer.ts';
import type { Parts } from '../service/parts.ts';
import type { TransferRow } from '../service/transfers.ts';
import { done, factsOf, idOf, pending } from './answers.ts';
import { listed } from './lists.ts';
import type { Call, OneAnswer, Route } from './route.ts';

/** Image transfers (ovirt 5.15). */
export function imageTransferRoutes({ transfers, href }: Parts): readonly Route[] {
  const path = '/imagetransfers';
  const object = (row: TransferRow, active = false) => toImageTransfer(row, href, { active, urls: transfers.urls(row) });
  const action = (name: string, run: (call: Call, id: string) => Promise<TransferRow>): Route => ({
    method: 'POST',
    path: `${path}/:transfer/${name}`,
    handle: async (call): Promise<OneAnswer> => answerOf(await run(call, idOf(call, 'transfer'))),
  });
  return [
    listed(path, 'image_transfer', async (call) => (await transfers.list(call.caller)).slice(0, call.max).map((row) => object(row))),
    {
      method: 'GET',
      path: `${path}/:transfer`,
      handle: async (call) => {
        const { row, active } = await transfers.get(call.caller, idOf(call, 'transfer'), call.signal);
        return { status: 200, type: 'image_transfer', object: object(row, active) };
      },
    },
    {
      method: 'POST',
      path,
      handle: async (call) => {
        const row = await transfers.create(call.caller, call.body('image_transfer'), factsOf(call));
        if (row.phase === 'finished_failure') throw OvirtError('OVIRT_TRANSFER_FAILED', { text: row.error ?? 'no reason is known' });
        return { status: 201, type: 'image_transfer', object: object(row) };
      },
    },
    action('finalize', (call, id) => transfers.finalize(call.caller, id, factsOf(call))),
    action('cancel', (call, id) => transfers.cancel(call.caller, id, factsOf(call))),
    action('extend', (call, id) => transfers.extend(call.caller, id, call.signal)),
    action('pause', (call, id) => transfers.pause(call.caller, id)),
    action('resume', (call, id) => transfers.resume(call.caller, id, call.signal)),
  ];
}

/** What is asked for is taken; an end that takes long is seen by polling. */
function answerOf(row: TransferRow): OneAnswer {
  const isUnderWay = row.phase === 'finalizing_success' || row.phase === 'cancelled_user';
  return isUnderWay ? pending() : done();
}
