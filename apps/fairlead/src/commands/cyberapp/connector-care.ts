import { connectorStatus, type DatacenterStatus, type PushScope, pausePush, resumePush, retryPush } from '@fairlead/bridge-cyberapp';
import { isUuid } from '@fairlead/kernel/ids';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { configuredDatacenters } from './connector-desk.ts';
import { type CareOptions, type Desk, printRows, recordChange, timeOf, withDesk } from './shared.ts';

/** How pushing goes: a line for each data center, and one for each tenant that something is wrong with. */
export async function printStatus(options: CareOptions, output: Output): Promise<void> {
  await withDesk(options, async (desk) => {
    const configured = await configuredDatacenters(desk);
    const { datacenters, tenants } = await connectorStatus(desk.store, configured);
    const names = new Map((await desk.organizations.all()).map(({ id, name }) => [id, name]));
    const lines = datacenters.map((one) => ({ datacenter: one.id, configured: configured.includes(one.id), ...stateOf(one) }));
    const rows = tenants.map((row) => ({
      ...{ organization: names.get(row.organization_id) ?? '', id: row.organization_id, tenant: row.acronis_tenant_id },
      ...{ datacenter: row.datacenter_id, state: row.paused_reason ?? 'failing', until: untilOf(row), failures: row.consecutive_failures },
      ...{ last_ok: timeOf(row.last_ok_ms), error: row.last_error },
    }));
    if (options.json === true) {
      const counted = lines.map((line, at) => ({ ...line, ...numbersOf(datacenters[at]) }));
      return output.print(JSON.stringify({ datacenters: counted, tenants: rows }));
    }
    printRows(lines, ['datacenter', 'configured', 'state', 'until', 'last_run', 'outcome', 'workloads', 'alerts'], options, output);
    if (rows.length > 0) output.print('');
    if (rows.length > 0) printRows(rows, ['organization', 'datacenter', 'state', 'until', 'failures', 'last_ok', 'error'], options, output);
  });
}

function stateOf({ paused, running, last, workloads, alerts }: DatacenterStatus) {
  const idle = running === undefined ? 'idle' : 'running';
  return {
    state: paused === undefined ? idle : `paused: ${paused.paused_reason ?? 'unknown'}`,
    until: paused === undefined ? null : untilOf(paused),
    error: paused?.last_error ?? null,
    last_run: timeOf(last?.finished_ms ?? null),
    outcome: last?.outcome ?? null,
    node: (running ?? last)?.node ?? null,
    workloads: countText(workloads),
    alerts: countText(alerts),
  };
}

function numbersOf(one: DatacenterStatus | undefined) {
  return { counts: JSON.parse(one?.last?.counts ?? '{}') as unknown, workloads: one?.workloads, alerts: one?.alerts };
}

/** A pause of an operator has no end. */
function untilOf({
  paused_reason: reason,
  next_attempt_ms: ms,
}: {
  readonly paused_reason: string | null;
  readonly next_attempt_ms: number;
}) {
  return reason === 'operator' || ms === 0 ? null : timeOf(ms);
}

function countText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

/** Throws `CLI_CYBERAPP_NOT_FOUND` for what nothing is pushed to. */
export async function pauseConnector(what: string, options: CareOptions, output: Output): Promise<void> {
  await withDesk(options, async (desk) => {
    const count = await pausePush(desk.store, await scopeOf(desk, what));
    if (count === 0) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `tenant of ${what}` });
    await recordChange(desk.audit, 'connector.pause', what);
    output.print('Nothing is pushed there until `fairlead cyberapp connector resume`; a run that is under way ends first.');
  });
}

/** Ends every pause there, whoever began it. */
export async function resumeConnector(what: string, options: CareOptions, output: Output): Promise<void> {
  await withDesk(options, async (desk) => {
    const count = await resumePush(desk.store, await scopeOf(desk, what));
    await recordChange(desk.audit, 'connector.resume', what);
    output.print(count === 0 ? 'It was not paused.' : 'The next run pushes there again.');
  });
}

/** What was refused or waits after failures is tried by the next run: of an organization, or of one item. */
export async function retryConnector(what: string, options: CareOptions, output: Output): Promise<void> {
  await withDesk(options, async ({ store, audit, organizations }) => {
    const scope = isUuid(what.toLowerCase()) ? { organizationId: (await organizations.get(what.toLowerCase())).id } : { itemKey: what };
    const retried = await retryPush(store, scope);
    await recordChange(audit, 'connector.retry', what);
    if (options.json === true) return output.print(JSON.stringify(retried));
    const { tenants, workloads, alerts } = retried;
    if (tenants + workloads + alerts === 0) return output.print('Nothing of it was refused or waits.');
    output.print(`The next run tries again: ${countText({ tenants, workloads, alerts })}.`);
  });
}

/** A data center that is configured or mapped in, or an organization that is there. */
async function scopeOf(desk: Desk, text: string): Promise<PushScope> {
  const what = text.toLowerCase();
  if (isUuid(what)) return { organizationId: (await desk.organizations.get(what)).id };
  const { datacenters } = await connectorStatus(desk.store, await configuredDatacenters(desk));
  if (!datacenters.some(({ id }) => id === what)) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `data center or organization ${text}` });
  return { datacenterId: what };
}
