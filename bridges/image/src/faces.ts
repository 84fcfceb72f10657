import { randomUUID, X509Certificate } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { Agents } from '@fairlead/kernel/agents';
import type { AsyncScope, BridgeContext } from '@fairlead/kernel/lifecycle';
import type { Pair } from '@fairlead/kernel/tls';
import { serveAgent } from './api/agent/agent-face.ts';
import { serveTickets } from './api/control/ticket-face.ts';
import { serveImage } from './api/data/image-face.ts';
import { serveProxy } from './api/proxy/proxy-face.ts';
import { Listener } from './api/wire/listener.ts';
import { metered } from './api/wire/metered.ts';
import type { ImageConfig } from './config.ts';
import { type Agent, controlSocketPath, startAgent } from './service/agent/agent.ts';
import { collectLess } from './service/collect-less.ts';
import { AgentClient } from './service/gateway/agent-client.ts';
import { AgentDirectory } from './service/gateway/agent-directory.ts';
import { agentMeter } from './service/gateway/agent-meter.ts';
import { GatewayBackups } from './service/gateway/gateway-backups.ts';
import { GatewayTransfers } from './service/gateway/gateway-transfers.ts';
import { Leftovers } from './service/gateway/leftovers.ts';
import { Routes } from './service/gateway/routes.ts';
import { machineAddresses, urlHost } from './service/machine-addresses.ts';

/** The agent of this host with its three faces: data, tickets for programs of the host, control by the gateway. */
export async function openAgentFaces(scope: AsyncScope, context: BridgeContext, config: ImageConfig): Promise<Record<string, string>> {
  collectLess();
  await mkdir(context.server.runDir, { recursive: true, mode: 0o755 });
  const agent = scope.use(await startAgent(context, config));
  const data = await openData(scope, context, config, agent);
  await openTickets(scope, context, agent);
  const control = await openControl(scope, context, config, agent);
  const base = `https://${urlHost(context.server.publicAddress)}`;
  const addresses = {
    'image server': `${base}:${data.port}`,
    'image agent': `https://${urlHost(controlHost(config, context))}:${control.port}`,
  };
  await enrolLocally(context, agent, control.fingerprint, addresses);
  scope.defer(context.authority.onChange(async () => enrolLocally(context, agent, await control.renew(), addresses)));
  return addresses;
}

/** The gateway's side: the proxy, and the services by which other bridges back up and restore. */
export async function openGatewayFaces(scope: AsyncScope, context: BridgeContext, config: ImageConfig): Promise<Record<string, string>> {
  collectLess();
  const { store, secrets, clock, authority, server } = context;
  const log = context.log.child({ part: 'image-proxy' });
  const routes = new Routes({ store, secrets, clock });
  const { metrics } = context;
  const handle = metered(metrics, 'proxy', (exchange) => serveProxy(exchange, { routes, log, ca: () => authority.caPem }));
  const address = { host: config.host ?? server.host, port: config.proxy_port };
  const proxy = scope.use(await Listener.open({ name: 'image proxy', address, tls: authority.dataServer(), log, handle }));
  scope.defer(authority.onChange(() => proxy.renew(authority.dataServer())));
  const proxyUrl = `https://${urlHost(server.publicAddress)}:${proxy.port}`;
  const directory = new AgentDirectory(new Agents({ store, clock }));
  const client = new AgentClient(authority, agentMeter(context.metrics));
  const backups = new GatewayBackups({ store, clock, directory, client });
  const ttlS = Math.round(config.ticket_timeout / 1000);
  context.services.provide('image.backups', backups);
  const transfers = new GatewayTransfers({ directory, client, routes, backups, proxyUrl: () => proxyUrl, ttlS });
  context.services.provide('image.transfers', transfers);
  scope.use(new Leftovers({ clock, log, backups, transfers }));
  return { 'image proxy': proxyUrl };
}

async function openData(scope: AsyncScope, context: BridgeContext, config: ImageConfig, agent: Agent): Promise<Listener> {
  const log = context.log.child({ part: 'image-data' });
  const localSocket = `\0fairlead-image-${randomUUID()}`;
  const parts = { tickets: agent.tickets, backends: agent.backends, log, localSocket: () => localSocket };
  const serve = (exchange: Parameters<typeof serveImage>[0]) => serveImage(exchange, parts);
  const local = metered(context.metrics, 'local', serve);
  scope.use(await Listener.open({ name: 'local image server', address: { path: localSocket }, log, handle: local }));
  const handle = metered(context.metrics, 'server', serve);
  const address = { host: config.host ?? context.server.host, port: config.data_port };
  const { authority } = context;
  const data = scope.use(await Listener.open({ name: 'image server', address, tls: authority.dataServer(), log, handle }));
  scope.defer(authority.onChange(() => data.renew(authority.dataServer())));
  return data;
}

async function openTickets(scope: AsyncScope, context: BridgeContext, agent: Agent): Promise<void> {
  const log = context.log.child({ part: 'image-tickets' });
  const path = controlSocketPath(context.server.runDir);
  await rm(path, { force: true });
  const handle = (exchange: Parameters<typeof serveTickets>[0]) => serveTickets(exchange, agent.tickets, log);
  scope.use(await Listener.open({ name: 'ticket control', address: { path }, log, handle }));
  await chmod(path, 0o660);
}

async function openControl(scope: AsyncScope, context: BridgeContext, config: ImageConfig, agent: Agent) {
  const log = context.log.child({ part: 'image-control' });
  const { authority, server } = context;
  const names = machineAddresses(server.publicAddress);
  // A gateway of this process may still show a certificate of a former authority.
  const roots = new Set([authority.caPem]);
  const first = await authority.issueServer(names);
  const tls = { ...first, ca: [...roots], requestCert: true, rejectUnauthorized: true };
  const handle = (exchange: Parameters<typeof serveAgent>[0]) => serveAgent(exchange, agent, log);
  const address = { host: config.host ?? server.host, port: config.control_port };
  const listener = scope.use(await Listener.open({ name: 'agent control', address, tls, log, handle }));
  const renew = async () => {
    const pair = await authority.issueServer(names);
    roots.add(authority.caPem);
    listener.renew({ ...pair, ca: [...roots] });
    return fingerprintOf(pair);
  };
  return { port: listener.port, fingerprint: fingerprintOf(first), renew };
}

function fingerprintOf(pair: Pair): string {
  return new X509Certificate(pair.cert).fingerprint256;
}

/** In one process gateway and agent speak as two would: the local agent is enrolled like any other (design 7). */
async function enrolLocally(
  context: BridgeContext,
  agent: Agent,
  fingerprint: string,
  addresses: Readonly<Record<string, string>>,
): Promise<void> {
  const { store, clock, server } = context;
  await new Agents({ store, clock }).put({
    id: agent.id,
    name: agent.id,
    addresses: machineAddresses(server.publicAddress),
    dataUrl: addresses['image server'] ?? '',
    controlUrl: addresses['image agent'] ?? '',
    fingerprint,
  });
}

/** The gateway in the same process reaches the agent by loopback when the listener is open there. */
function controlHost(config: ImageConfig, context: BridgeContext): string {
  const host = config.host ?? context.server.host;
  if (host === '::' || host === '0.0.0.0' || host === 'localhost') return '127.0.0.1';
  return host;
}
