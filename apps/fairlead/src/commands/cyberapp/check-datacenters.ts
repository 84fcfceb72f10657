import { AcronisClient } from '@fairlead/acronis';
import { bridge, connectorDatacenters } from '@fairlead/bridge-cyberapp';
import { systemClock } from '@fairlead/kernel/clock';
import type { LoadedConfig } from '@fairlead/kernel/config';
import { GatewayError } from '@fairlead/kernel/errors';
import { silentLog } from '@fairlead/kernel/log';
import { EXIT } from '../../exit-codes.ts';
import { type Finding, failed, ok } from '../doctor/finding.ts';

type ConnectorDatacenter = Awaited<ReturnType<typeof connectorDatacenters>>[number];

const LIMIT_MS = 15_000;

/** Whether the API client of each data center of the connector is let in; nothing when there is no connector. */
export async function examineDatacenters(config: LoadedConfig, ca: string | undefined): Promise<readonly Finding[]> {
  const sections = config.values(...bridge.config);
  if (!sections.connector.enabled) return [];
  try {
    const datacenters = await connectorDatacenters(sections, { log: silentLog() });
    return await Promise.all(datacenters.map((one) => examineOne(one, { ca, allowPrivate: sections.connector.allow_private })));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [failed('connector', error.message, { help: error.help ?? '', exit: EXIT.configuration })];
  }
}

async function examineOne(
  { id, url, credentials }: ConnectorDatacenter,
  network: { readonly ca: string | undefined; readonly allowPrivate: boolean },
): Promise<Finding> {
  const what = `data center ${id}`;
  try {
    await using client = new AcronisClient({
      ...network,
      datacenter: id,
      url,
      credentials: async () => credentials,
      clock: systemClock,
      log: silentLog(),
    });
    await client.authenticate(AbortSignal.timeout(LIMIT_MS));
    return ok(what, `${url} lets the API client in`);
  } catch (error) {
    const text = error instanceof GatewayError ? `${error.code}: ${error.message}` : (error as Error).name;
    const isRefused = error instanceof GatewayError && /REFUSED|FORBIDDEN/.test(error.code);
    const help = 'Compare dc_url, client_id and client_secret of [connector] with the API client of the app in the Vendor Portal.';
    return failed(what, text, { help, exit: isRefused ? EXIT.notPermitted : EXIT.unreachable });
  }
}
