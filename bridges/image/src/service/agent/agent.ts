import { hostname } from 'node:os';
import { join } from 'node:path';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { ImageConfig } from '../../config.ts';
import { BackendPool } from '../backend/backend-pool.ts';
import { ExportBook, type ExportParts } from '../export/export-book.ts';
import { ImagePlaces } from '../export/image-places.ts';
import { QemuImg } from '../export/qemu-img.ts';
import { TicketBook } from '../ticket/ticket-book.ts';
import { AgentBackups } from './agent-backups.ts';
import { AgentTransfers } from './agent-transfers.ts';

/** Readers of one disk at once, and what OPTIONS, extents and our own flush need beside. */
const SPARE_CLIENTS = 4;

/** What serves images on this host, without its faces. */
export interface Agent extends AsyncDisposable {
  readonly id: string;
  readonly tickets: TicketBook;
  readonly backends: BackendPool;
  readonly exports: ExportBook;
  readonly backups: AgentBackups;
  readonly transfers: AgentTransfers;
}

/** The same host with the same state folder is the same agent, after a restart too. */
function agentId(stateDir: string): string {
  return `${hostname()}:${stateDir}`;
}

/** Opens the tickets and jobs of this host and goes on where an earlier run ended. */
export async function startAgent(context: BridgeContext, config: ImageConfig): Promise<Agent> {
  const { store, clock, secrets, server } = context;
  const id = agentId(server.stateDir);
  const log = context.log.child({ part: 'image-agent' });
  const shared = 2 * (config.max_connections + SPARE_CLIENTS);
  const places = new ImagePlaces(config.roots);
  const qemuImg = new QemuImg(config.qemu_img);
  const rows = { store, clock, agent: id };
  const tickets = new TicketBook({ store, secrets, clock, log, agent: id });
  const onDeath: ExportParts['onDeath'] = async (exportId, failure) => {
    await backups.exportDied(exportId, failure);
    await transfers.exportDied(exportId, failure);
  };
  const exports = new ExportBook({ ...rows, log, runDir: server.runDir, qemuNbd: config.qemu_nbd, onDeath });
  const backups = new AgentBackups({ exports, places, shared }, rows);
  const transfers = new AgentTransfers({ exports, places, tickets, backups, qemuImg, agent: id, shared }, rows);
  await exports.recover();
  await backups.recover();
  await transfers.recover();
  const { max_connections: maxConnections, request_size: requestSize, requests_in_flight: requestsInFlight } = config;
  const backends = new BackendPool({ places, maxConnections, requestSize, requestsInFlight }, log);
  const close = async () => {
    await tickets[Symbol.asyncDispose]();
    await exports[Symbol.asyncDispose]();
  };
  return { id, tickets, backends, exports, backups, transfers, [Symbol.asyncDispose]: close };
}

/** Where the control socket of this host is (imageio 20.3). */
export function controlSocketPath(runDir: string): string {
  return join(runDir, 'image-control.sock');
}
