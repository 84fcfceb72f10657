import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { bridge, Connector, connectorDatacenters, listLinks } from '@fairlead/bridge-cyberapp';
import { systemClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import { Metrics } from '@fairlead/kernel/metrics';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import type { CareOptions, Desk } from './shared.ts';
import { type InventoryDesk, withInventories } from './sources-inventories.ts';

/** A desk with the half of the bridge that calls Acronis. */
export interface ConnectorDesk extends InventoryDesk {
  readonly connector: Connector;
}

/** As `withInventories`, with a connector as a gateway has it. Nothing is sent until it is asked to. Throws FAIRLEAD_CONFIG for data centers that cannot be used. */
export async function withConnector<T>(options: CareOptions, output: Output, work: (desk: ConnectorDesk) => Promise<T>): Promise<T> {
  return await withInventories(options, output, async (desk) => {
    await using scope = new AsyncScope();
    const { store, audit, services, config } = desk;
    const log = silentLog();
    const context = { store, audit, services, log, clock: systemClock, metrics: new Metrics({ log }) };
    const settings = config.values(...bridge.config);
    const { ca } = settings.connector;
    const pem = ca === undefined ? undefined : await readFile(ca, 'utf8');
    const connector = scope.use(await Connector.start({ context, settings, ca: pem, node: `${hostname()} (command line)` }));
    return await work({ ...desk, connector });
  });
}

/** Data centers of `[connector]`, by their ids. Throws FAIRLEAD_CONFIG. */
export async function configuredDatacenters({ config }: Desk): Promise<readonly string[]> {
  return (await connectorDatacenters(config.values(...bridge.config), { log: silentLog() })).map(({ id }) => id);
}

/** Where is to be pushed: to all data centers, or to that of one organization. Throws `CLI_CYBERAPP_NOT_FOUND` when there is none. */
export async function datacentersFor({ store, connector }: ConnectorDesk, organizationId: string | undefined): Promise<readonly string[]> {
  const { datacenters } = connector;
  if (datacenters.length === 0) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: 'data center in [connector]' });
  if (organizationId === undefined) return datacenters;
  const [link] = await listLinks(store, { organizationId });
  if (link === undefined) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `link of ${organizationId}` });
  const { datacenter_id: id } = link.mapping;
  if (!datacenters.includes(id)) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `client for the data center ${id} in [connector]` });
  return [id];
}
