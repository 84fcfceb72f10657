import { alertBody, workloadBody } from '@fairlead/acronis';
import { bridge, connectorDatacenters, instanceId, inventoriesOf, type Preview, previewOrganization } from '@fairlead/bridge-cyberapp';
import { systemClock } from '@fairlead/kernel/clock';
import { silentLog } from '@fairlead/kernel/log';
import { CliError } from '../../cli-errors.ts';
import { formatTable, type Output } from '../../output.ts';
import { type CareOptions, shown } from './shared.ts';
import { type InventoryDesk, withInventories } from './sources-inventories.ts';

/** Bodies as they would be sent. */
interface Bodies {
  readonly tenant: string;
  readonly datacenter: string;
  /** Of one POST each, or a part of it. */
  readonly workloads: readonly object[];
  readonly alerts: readonly object[];
  /** Alerts whose condition has to hold for a while yet. */
  readonly waiting: readonly object[];
}

/** Prints what a tenant is to show now, and sends nothing. Only `_sourceTimeStamp` is missing: it is given to an alert when it is raised. Throws `CLI_CYBERAPP_NOT_FOUND` for an organization that nothing is pushed for. */
export async function printPreview(organization: string, options: CareOptions, output: Output): Promise<void> {
  await withInventories(options, output, async (desk) => {
    const { id } = await desk.organizations.get(organization);
    const preview = await previewOf(desk, id, output);
    const bodies = await bodiesOf(desk, preview, output);
    if (options.json === true) return output.print(JSON.stringify(bodies, undefined, 2));
    output.print(`tenant ${bodies.tenant} in ${bodies.datacenter}`);
    printTables(preview, output);
  });
}

async function previewOf({ config, store, services, signal }: InventoryDesk, id: string, output: Output): Promise<Preview> {
  const { cyberapp, connector } = config.values(...bridge.config);
  const alertSource = `fairlead:${await instanceId(store, connector.instance_id)}`;
  const parts = {
    store,
    clock: systemClock,
    inventories: inventoriesOf(services),
    settings: connector,
    app: cyberapp.app_code,
    alertSource,
  };
  const { preview, problems } = await previewOrganization(parts, id, signal);
  for (const problem of problems) if (problem.organizationId === id) output.tell(shown(problem.text));
  if (preview === undefined)
    throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `tenant that something is pushed to for ${id}: unmapped, dormant or suspended` });
  return preview;
}

async function bodiesOf({ config }: InventoryDesk, preview: Preview, output: Output): Promise<Bodies> {
  const sections = config.values(...bridge.config);
  const { send_external_id: external, alert_resource: place } = sections.connector;
  const { tenantId: tenant, datacenterId: datacenter, push, workloads, alerts } = preview;
  const known = (await connectorDatacenters(sections, { log: silentLog() })).find(({ id }) => id === datacenter);
  if (known === undefined) output.tell(`[connector] has no client for ${datacenter}: nothing is sent there, and client_id is empty here`);
  const clientId = known?.credentials.clientId ?? '';
  const alertsIn = (isOne: (waitMs: number) => boolean) =>
    push.alerts ? alerts.filter(({ waitMs }) => isOne(waitMs)).map(({ draft }) => alertBody(draft, place)) : [];
  return {
    ...{ tenant, datacenter },
    workloads: push.workloads ? workloads.map(({ draft }) => workloadBody(draft, clientId, external !== 'no')) : [],
    alerts: alertsIn((waitMs) => waitMs === 0),
    waiting: alertsIn((waitMs) => waitMs > 0),
  };
}

function printTables({ push, workloads, alerts }: Preview, output: Output): void {
  if (!push.workloads) output.tell('No workloads are pushed there.');
  else {
    const rows = workloads.map(({ draft, hash }) => [shown(draft.name), typeOf(draft.type), draft.externalId ?? '', hash.slice(0, 12)]);
    output.print(formatTable([['workload', 'type', 'key', 'content'], ...rows]));
  }
  if (!push.alerts) output.tell('No alerts are pushed there.');
  else {
    const rows = alerts.map(({ draft, waitMs }) => [
      ...[shown(draft.details.title), typeOf(draft.type)],
      waitMs === 0 ? 'now' : `if it holds for ${Math.ceil(waitMs / 60_000)} min more`,
    ]);
    output.print(formatTable([['alert', 'type', 'raised'], ...rows]));
  }
}

/** The last part of a type is its code and version. */
function typeOf(cti: string): string {
  return cti.split('~').at(-1) ?? cti;
}
