import { isClosable, listAlerts } from '@fairlead/bridge-cyberapp';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { withConnector } from './connector-desk.ts';
import { type CareOptions, printRows, recordChange, timeOf, withDesk } from './shared.ts';

/** Alerts that are not closed. */
export async function printAlerts(
  options: CareOptions & { readonly org?: string; readonly open?: boolean },
  output: Output,
): Promise<void> {
  const rows = await withDesk(options, async ({ store, organizations }) => {
    const names = new Map((await organizations.all()).map(({ id, name }) => [id, name]));
    const alerts = await listAlerts(store, { organizationId: options.org?.toLowerCase(), isOpen: options.open });
    return alerts.map(({ row, title }) => ({
      ...{ key: row.dedup_key, organization: names.get(row.organization_id) ?? '', id: row.organization_id },
      ...{ type: row.alert_type, severity: row.severity, state: row.state, title, item: row.item_key, episode: row.episode },
      ...{ opened: timeOf(row.opened_ms), alert: row.alert_id, tenant: row.acronis_tenant_id, datacenter: row.datacenter_id },
      error: row.last_error,
    }));
  });
  printRows(rows, ['organization', 'severity', 'state', 'title', 'opened', 'key', 'error'], options, output);
}

/**
 * Dismisses an alert at Acronis as a person does there: while its condition stays true no other one is raised. Throws
 * `CLI_CYBERAPP_NOT_FOUND` for one that Acronis does not show, and what the call throws.
 */
export async function closeByOperator(key: string, options: CareOptions & { readonly org?: string }, output: Output): Promise<void> {
  await withConnector(options, output, async ({ store, audit, connector, signal }) => {
    const known = await listAlerts(store, { key, organizationId: options.org?.toLowerCase() });
    const closable = known.filter(({ row }) => isClosable(row));
    const states = [...new Set(known.map(({ row }) => row.state))].join(', ');
    const why = states === '' ? '' : `; it is ${states}`;
    if (closable.length === 0) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `alert ${key} that Acronis shows${why}` });
    for (const { row } of closable) {
      if (!connector.datacenters.includes(row.datacenter_id))
        throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `client for the data center ${row.datacenter_id} in [connector]` });
      const isDone = await connector.closeAlert(row, signal);
      await recordChange(audit, 'alert.close', key, { tenant: row.acronis_tenant_id, done: isDone });
      output.print(isDone ? `dismissed in ${row.acronis_tenant_id}` : `a run has changed it in ${row.acronis_tenant_id}: try again`);
    }
  });
}
