import { once } from 'node:events';
import { createServer } from 'node:net';
import { bridge as cce } from '@fairlead/bridge-cce';
import { bridge as image } from '@fairlead/bridge-image';
import { type LoadedConfig, parseListenAddress, ServerSection } from '@fairlead/kernel/config';
import { gatewaysAlive } from '@fairlead/kernel/secrets';
import { gatewayName, openForLooking } from '../../compose/state.ts';
import { EXIT } from '../../exit-codes.ts';
import { type Finding, failed, ok, reasonOf } from './finding.ts';

interface Place {
  readonly what: string;
  readonly host: string;
  readonly port: number;
}

/** Every port can be listened on, or the gateway that holds it is this one. */
export async function examinePorts(config: LoadedConfig): Promise<readonly Finding[]> {
  const isRunning = await runs(config);
  return Promise.all(placesOf(config).map((place) => examinePlace(place, isRunning)));
}

function placesOf(config: LoadedConfig): readonly Place[] {
  const { host, port } = config.value(ServerSection);
  const main = { what: 'port of the control faces', host, port };
  return [main, ...placesOfCce(config), ...placesOfImage(config, host)];
}

function placesOfCce(config: LoadedConfig): readonly Place[] {
  if (!config.on(cce.config)) return [];
  const { cce: settings } = config.values(...cce.config);
  const plain = settings.enable_http && settings.http_listen_address !== undefined ? [settings.http_listen_address] : [];
  return [...settings.listen_address, ...plain].flatMap((text) => {
    const address = parseListenAddress(text);
    return address === undefined ? [] : [{ what: 'port of the CCE API', ...address }];
  });
}

function placesOfImage(config: LoadedConfig, host: string): readonly Place[] {
  if (!config.on(image.config)) return [];
  const { image: settings } = config.values(...image.config);
  const own = settings.host ?? host;
  const agent = [
    { what: 'port of the image server', host: own, port: settings.data_port },
    { what: 'port of the agent', host: own, port: settings.control_port },
  ];
  const proxy = [{ what: 'port of the image proxy', host: own, port: settings.proxy_port }];
  return [...(settings.role === 'proxy' ? [] : agent), ...(settings.role === 'server' ? [] : proxy)];
}

async function runs(config: LoadedConfig): Promise<boolean> {
  try {
    await using store = await openForLooking(config);
    const { id } = gatewayName(config.value(ServerSection));
    return store !== undefined && (await gatewaysAlive(store)).some((gateway) => gateway.id === id);
  } catch {
    // The store has a finding of its own.
    return false;
  }
}

async function examinePlace({ what, host, port }: Place, isRunning: boolean): Promise<Finding> {
  if (port === 0) return ok(what, 'any free one');
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    server.close();
    return ok(what, `${port} is free`);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === 'EADDRINUSE' && isRunning) return ok(what, `${port} is held; the gateway runs`);
    const exit = reason === 'EACCES' ? EXIT.notPermitted : EXIT.failed;
    return failed(what, `${port} on ${host} cannot be listened on: ${reason}`, { help: '`ss -ltnp` shows who holds it.', exit });
  }
}
