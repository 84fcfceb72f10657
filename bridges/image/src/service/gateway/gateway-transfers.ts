import type { Agent as EnrolledAgent } from '@fairlead/kernel/agents';
import { newToken } from '@fairlead/kernel/ids';
import type { ImageTransferState, ImageTransfers, OpenedImageTransfer, OpenImageTransfer } from '@fairlead/kernel/services';
import { ImageError } from '../../errors.ts';
import type { OpenTransferMessage } from '../../schema.ts';
import type { RouteRow } from '../../tables.ts';
import type { AgentClient } from './agent-client.ts';
import type { AgentDirectory, FoundAgent } from './agent-directory.ts';
import type { GatewayBackups } from './gateway-backups.ts';
import { isNowhere } from './leftovers.ts';
import type { Routes } from './routes.ts';

export interface GatewayTransferParts {
  readonly directory: AgentDirectory;
  readonly client: AgentClient;
  readonly routes: Routes;
  readonly backups: GatewayBackups;
  /** Base URL of the proxy, without a slash at its end. */
  readonly proxyUrl: () => string;
  readonly ttlS: number;
}

/** The service `image.transfers`: chooses the agent, makes the ticket, lets the proxy know. */
export class GatewayTransfers implements ImageTransfers {
  readonly #parts: GatewayTransferParts;

  constructor(parts: GatewayTransferParts) {
    this.#parts = parts;
  }

  async open(request: OpenImageTransfer, signal?: AbortSignal): Promise<OpenedImageTransfer> {
    const { agent, host } = await this.#agentFor(request);
    const ticket = newToken();
    const { transferId, inactivityTimeoutS: inactivityS } = request;
    const ops = request.direction === 'download' ? 'read' : 'write';
    const { client, routes, proxyUrl, ttlS } = this.#parts;
    await routes.add({ transferId, ticket, agentId: agent.id, hostId: host.id, dataUrl: agent.dataUrl, ops, size: 0, inactivityS });
    try {
      const { size } = await client.openTransfer(agent, toMessage(request, ticket, ttlS), signal);
      await routes.setSize(transferId, size);
      const urls = { transferUrl: `${agent.dataUrl}/images/${ticket}`, proxyUrl: `${proxyUrl()}/images/${ticket}` };
      return { transferId, hostId: host.id, size, ...urls };
    } catch (error) {
      // The agent may have opened the transfer although its answer was lost.
      await this.#drop(await this.#find(transferId)).catch(() => undefined);
      throw error;
    }
  }

  async get(transferId: string, signal?: AbortSignal): Promise<ImageTransferState | undefined> {
    const route = await this.#parts.routes.find(transferId);
    if (!route) return undefined;
    const state = await this.#parts.client.getTransfer(await this.#agentOf(route), transferId, signal);
    const { active, transferred, idle_s: idleS, size, failure } = state;
    return { transferId, active, transferred, idleS, size, ...(failure && { failure }) };
  }

  async extend(transferId: string, signal?: AbortSignal): Promise<void> {
    const route = await this.#find(transferId);
    await this.#parts.client.extendTransfer(await this.#agentOf(route), transferId, signal);
  }

  async cancel(transferId: string, signal?: AbortSignal): Promise<void> {
    const route = await this.#find(transferId);
    if (route.ended_ms === null) await this.#drop(route, signal);
  }

  /** Cancels on the agents what was given up while they did not answer. Rejects when one still does not. */
  async dropLeftovers(signal: AbortSignal): Promise<void> {
    for (const route of await this.#parts.routes.detached()) await this.#drop(route, signal);
  }

  async close(transferId: string, signal?: AbortSignal): Promise<void> {
    const route = await this.#find(transferId);
    await this.#parts.client.closeTransfer(await this.#agentOf(route), transferId, signal);
    await this.#parts.routes.end(transferId);
  }

  /** A download of a backup goes to the host on which the backup is. */
  async #agentFor(request: OpenImageTransfer): Promise<FoundAgent> {
    const { directory, backups } = this.#parts;
    if (request.backupId === undefined || request.direction === 'upload') return directory.find(request.hosts);
    const place = await backups.placeOf(request.backupId);
    const host = request.hosts.find((one) => one.id === place.hostId) ?? { id: place.hostId, name: place.hostId, addresses: [] };
    return { agent: await directory.get(place.agentId), host };
  }

  /** First the proxy, then the host: nothing new begins in between. An agent that does not answer is asked again later. */
  async #drop(route: RouteRow, signal?: AbortSignal): Promise<void> {
    const { routes, client } = this.#parts;
    const { transfer_id: transferId } = route;
    await routes.detach(transferId);
    try {
      await client.cancelTransfer(await this.#agentOf(route), transferId, signal);
    } catch (error) {
      if (!isNowhere(error)) throw error;
    }
    await routes.end(transferId);
  }

  async #find(transferId: string): Promise<RouteRow> {
    const route = await this.#parts.routes.find(transferId);
    if (!route) throw ImageError('IMAGE_TRANSFER_UNKNOWN', { id: transferId });
    return route;
  }

  #agentOf(route: RouteRow): Promise<EnrolledAgent> {
    return this.#parts.directory.get(route.agent);
  }
}

function toMessage(request: OpenImageTransfer, ticket: string, ttlS: number): OpenTransferMessage {
  const { volumeId, path, format } = request.volume;
  return {
    transfer_id: request.transferId,
    ticket,
    direction: request.direction,
    format: request.format,
    volume: { id: volumeId, path, format },
    ttl: ttlS,
    inactivity_timeout: request.inactivityTimeoutS,
    sparse: request.sparse,
    ...(request.size !== undefined && { size: request.size }),
    ...(request.backupId !== undefined && { backup_id: request.backupId }),
    ...(request.filename !== undefined && { filename: request.filename }),
  };
}
