import type { Store } from '@fairlead/kernel/store';
import type { CyberappTables } from '../../store/tables.ts';
import { SETTLED } from './alert-parts.ts';

export interface RetriedAlerts {
  readonly organizationId?: string;
  readonly itemKey?: string;
}

/** An operator has put right what was refused: such alerts are tried again in the next run. Answers how many there are. */
export async function retryAlerts(store: Store, { organizationId, itemKey }: RetriedAlerts): Promise<number> {
  return await store.transaction<CyberappTables, number>(async (trx) => {
    let blocked = trx
      .updateTable('cyberapp_alerts')
      .set((get) => ({
        ...SETTLED,
        // What was refused with an id is a dismissal.
        state: get.case().when('alert_id', 'is', null).then<'raising'>('raising').else<'closing'>('closing').end(),
        updated_ms: store.clock.now(),
      }))
      .where('state', '=', 'blocked');
    if (organizationId !== undefined) blocked = blocked.where('organization_id', '=', organizationId);
    if (itemKey !== undefined) blocked = blocked.where('item_key', '=', itemKey);
    const { numUpdatedRows } = await blocked.executeTakeFirst();
    return Number(numUpdatedRows);
  });
}
