import type { TLSSocket } from 'node:tls';
import { GatewayError } from '@fairlead/kernel/errors';
import type { Log } from '@fairlead/kernel/log';
import type { z } from 'zod';
import { ImageError } from '../../errors.ts';
import { finalizeBackupSchema, openTransferSchema, startBackupSchema } from '../../schema.ts';
import type { Agent } from '../../service/agent/agent.ts';
import { finalizeBackup } from '../../service/agent/finalize-backup.ts';
import { GATEWAY_NAME } from '../../service/gateway/names.ts';
import { readBody } from '../../service/read-body.ts';
import { logFailure } from '../data/face.ts';
import { decodePath } from '../data/route.ts';
import { prepare, send } from '../wire/answer.ts';
import type { Exchange } from '../wire/listener.ts';

type Work = (agent: Agent, id: string, body: () => Promise<unknown>, signal: AbortSignal) => Promise<unknown>;

interface Command {
  readonly method: string;
  readonly form: RegExp;
  readonly work: Work;
}

const MAX_BODY = 1024 * 1024;

/** The private API between gateway and agent (oVirt spec 8.1), and what 4.2 of the design needs beside it. */
const commands: readonly Command[] = [
  {
    method: 'POST',
    form: /^\/internal\/backup\/([^/]+)$/,
    work: async (agent, vm, body, signal) => agent.backups.start(vm, read(startBackupSchema, await body()), signal),
  },
  { method: 'GET', form: /^\/internal\/backup\/[^/]+\/([^/]+)$/, work: (agent, id) => agent.backups.get(id) },
  {
    method: 'POST',
    form: /^\/internal\/backup\/([^/]+)\/finalize$/,
    work: async (agent, _vm, body) => finalizeBackup(agent, read(finalizeBackupSchema, await body()).backup_id),
  },
  {
    method: 'POST',
    form: /^\/internal\/transfer$/,
    work: async (agent, _none, body, signal) => agent.transfers.open(read(openTransferSchema, await body()), signal),
  },
  { method: 'GET', form: /^\/internal\/transfer\/([^/]+)$/, work: (agent, id) => agent.transfers.get(id) },
  { method: 'POST', form: /^\/internal\/transfer\/([^/]+)\/extend$/, work: (agent, id) => agent.transfers.extend(id) },
  { method: 'POST', form: /^\/internal\/transfer\/([^/]+)\/close$/, work: (agent, id) => agent.transfers.close(id) },
  { method: 'DELETE', form: /^\/internal\/transfer\/([^/]+)$/, work: (agent, id) => agent.transfers.cancel(id) },
  { method: 'GET', form: /^\/internal\/checkpoints\/([^/]+)$/, work: async () => ({ checkpoints: [] }) },
  { method: 'DELETE', form: /^\/internal\/checkpoints\/[^/]+\/([^/]+)$/, work: async (_agent, checkpoint) => refuseCheckpoint(checkpoint) },
];

/** Answers one command of the gateway in JSON. */
export async function serveAgent(exchange: Exchange, agent: Agent, log: Log): Promise<void> {
  const { request, response, connection } = exchange;
  prepare(response);
  try {
    requireGateway(connection.socket as TLSSocket);
    const [path = ''] = (request.url ?? '').split('?', 1);
    const [command, id] = find(request.method ?? '', path);
    if (exchange.expectsContinue) response.writeContinue();
    const result = await command.work(agent, id, () => json(readBody(request, MAX_BODY)), connection.signal);
    send(response, { status: 200, type: 'json', body: `${JSON.stringify(result ?? {})}\n` });
  } catch (error) {
    logFailure(log, error, { method: request.method });
    const { code, status, publicText, detail } = GatewayError.from(error);
    send(response, {
      status,
      type: 'json',
      body: `${JSON.stringify({ code, status, text: publicText, detail })}\n`,
      close: !request.complete,
    });
  }
}

/** A certificate of our authority is needed to get here; it has to be that of a gateway, not of another agent. */
function requireGateway(socket: TLSSocket): void {
  const { subject } = socket.getPeerCertificate();
  if (!socket.authorized || subject?.CN !== GATEWAY_NAME)
    throw ImageError('IMAGE_TICKET_FORBIDDEN', { why: 'only a gateway may control an agent' });
}

function find(method: string, path: string): readonly [Command, string] {
  for (const command of commands) {
    const match = command.method === method ? command.form.exec(path) : null;
    if (match) return [command, decodePath(match[1] ?? '')];
  }
  throw ImageError('IMAGE_ROUTE_UNKNOWN', { text: `No handler for '${method} ${path}'` });
}

async function json(body: Promise<Buffer>): Promise<unknown> {
  const text = (await body).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw ImageError('IMAGE_BAD_REQUEST', { reason: 'the body is no JSON' }, { cause: error });
  }
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw ImageError('IMAGE_BAD_REQUEST', { reason: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'wrong'}` });
}

function refuseCheckpoint(checkpoint: string): never {
  throw ImageError('IMAGE_CHECKPOINT_UNKNOWN', { checkpoint });
}
