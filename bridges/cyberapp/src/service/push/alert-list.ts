import type { Store } from '@fairlead/kernel/store';
import type { AlertRow, CyberappTables } from '../../store/tables.ts';
import { readAlertBody } from './alert-body.ts';

export interface AlertFilter {
  readonly organizationId?: string | undefined;
  readonly key?: string | undefined;
  /** Only what Acronis shows now, as far as is known. */
  readonly isOpen?: boolean | undefined;
}

/** An alert as its operator sees it. */
export interface ShownAlert {
  readonly row: AlertRow;
  readonly title: string;
}

/** Alerts that are not closed, by organization; the newest first. */
export async function listAlerts(store: Store, { organizationId, key, isOpen }: AlertFilter = {}): Promise<readonly ShownAlert[]> {
  let query = store
    .tables<CyberappTables>()
    .selectFrom('cyberapp_alerts')
    .selectAll()
    .where('state', 'in', isOpen ? ['open', 'closing'] : ['pending', 'raising', 'open', 'closing', 'dismissed', 'blocked'])
    .orderBy('organization_id')
    .orderBy('opened_ms', 'desc')
    .orderBy('dedup_key');
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (key !== undefined) query = query.where('dedup_key', '=', key);
  return (await query.execute()).map((row) => ({ row, title: readAlertBody(row.body).draft.details.title }));
}
