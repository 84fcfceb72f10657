import https from 'node:https';
import type { Agent as EnrolledAgent } from '@fairlead/kernel/agents';
import { GatewayError } from '@fairlead/kernel/errors';
import type { Authority, Pair } from '@fairlead/kernel/tls';
import { z } from 'zod';
import { ImageError } from '../../errors.ts';
import {
  type BackupMessage,
  backupSchema,
  type OpenedTransferMessage,
  type OpenTransferMessage,
  openedTransferSchema,
  refusalSchema,
  type StartBackupMessage,
  type TransferStateMessage,
  transferStateSchema,
} from '../../schema.ts';
import { readBody } from '../read-body.ts';
import type { AgentMeter } from './agent-meter.ts';
import { GATEWAY_NAME } from './names.ts';

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly limitMs?: number;
}

const CONNECT_MS = 10_000;
const ANSWER_MS = 60_000;
/** Closing an upload flushes it and checks the whole image. */
const CLOSE_MS = 40 * 60_000;
const MAX_ANSWER = 4 * 1024 * 1024;
const nothing = z.object({});

/** Controls agents over mTLS: the certificate of an agent has to be of our authority and the very one that was enrolled. */
export class AgentClient {
  readonly #authority: Authority;
  readonly #meter: AgentMeter;
  #pair: Promise<Pair> | undefined;

  /** @param meter told of every call: how it ended and how long it took */
  constructor(authority: Authority, meter: AgentMeter = () => undefined) {
    this.#authority = authority;
    this.#meter = meter;
    // A new authority, or a renewed leaf long before our own certificate ends: the next call takes a fresh one.
    authority.onChange(() => {
      this.#pair = undefined;
    });
  }

  startBackup(agent: EnrolledAgent, vmId: string, body: StartBackupMessage, signal?: AbortSignal): Promise<BackupMessage> {
    return this.#call(agent, backupSchema, { method: 'POST', path: `/internal/backup/${part(vmId)}`, body, signal });
  }

  getBackup(agent: EnrolledAgent, vmId: string, backupId: string, signal?: AbortSignal): Promise<BackupMessage> {
    return this.#call(agent, backupSchema, { method: 'GET', path: `/internal/backup/${part(vmId)}/${part(backupId)}`, signal });
  }

  finalizeBackup(
    agent: EnrolledAgent,
    vmId: string,
    backupId: string,
    checkpoint: 'keep' | 'drop',
    signal?: AbortSignal,
  ): Promise<BackupMessage> {
    const body = { backup_id: backupId, checkpoint };
    return this.#call(agent, backupSchema, {
      method: 'POST',
      path: `/internal/backup/${part(vmId)}/finalize`,
      body,
      signal,
      limitMs: CLOSE_MS,
    });
  }

  openTransfer(agent: EnrolledAgent, body: OpenTransferMessage, signal?: AbortSignal): Promise<OpenedTransferMessage> {
    return this.#call(agent, openedTransferSchema, { method: 'POST', path: '/internal/transfer', body, signal });
  }

  getTransfer(agent: EnrolledAgent, id: string, signal?: AbortSignal): Promise<TransferStateMessage> {
    return this.#call(agent, transferStateSchema, { method: 'GET', path: `/internal/transfer/${part(id)}`, signal });
  }

  async extendTransfer(agent: EnrolledAgent, id: string, signal?: AbortSignal): Promise<void> {
    await this.#call(agent, nothing, { method: 'POST', path: `/internal/transfer/${part(id)}/extend`, signal });
  }

  async closeTransfer(agent: EnrolledAgent, id: string, signal?: AbortSignal): Promise<void> {
    await this.#call(agent, nothing, { method: 'POST', path: `/internal/transfer/${part(id)}/close`, signal, limitMs: CLOSE_MS });
  }

  async cancelTransfer(agent: EnrolledAgent, id: string, signal?: AbortSignal): Promise<void> {
    await this.#call(agent, nothing, { method: 'DELETE', path: `/internal/transfer/${part(id)}`, signal });
  }

  /** Our client certificate, made once; a failure is not kept. */
  #certificate(): Promise<Pair> {
    this.#pair ??= this.#authority.issueClient(GATEWAY_NAME).catch((error: unknown) => {
      this.#pair = undefined;
      throw error;
    });
    return this.#pair;
  }

  async #call<Schema extends z.ZodType>(agent: EnrolledAgent, schema: Schema, call: Call): Promise<z.infer<Schema>> {
    const { status, text } = await this.#exchange(agent, call);
    const value = parse(agent, text);
    if (status !== 200) throw refusal(agent, value);
    const result = schema.safeParse(value);
    if (!result.success)
      throw ImageError('IMAGE_AGENT_ANSWER', { agent: agent.name, reason: result.error.issues[0]?.message ?? 'unknown' });
    return result.data;
  }

  async #exchange(agent: EnrolledAgent, call: Call): Promise<{ readonly status: number; readonly text: string }> {
    const pair = await this.#certificate();
    const limit = AbortSignal.timeout(call.limitMs ?? ANSWER_MS);
    const signal = call.signal ? AbortSignal.any([call.signal, limit]) : limit;
    const started = performance.now();
    const tell = (outcome: 'answered' | 'unreachable') => this.#meter(agent.name, outcome, (performance.now() - started) / 1000);
    try {
      const answer = await exchange(agent, call, { ...pair, ca: this.#authority.caPem }, signal);
      tell('answered');
      return answer;
    } catch (error) {
      call.signal?.throwIfAborted();
      tell('unreachable');
      const reason = limit.aborted ? `no answer within ${(call.limitMs ?? ANSWER_MS) / 1000} s` : reasonOf(error);
      throw ImageError('IMAGE_AGENT_UNREACHABLE', { agent: agent.name, reason }, { cause: error });
    }
  }
}

function exchange(agent: EnrolledAgent, { method, path, body }: Call, tls: Pair & { readonly ca: string }, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers = payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  const request = https.request(new URL(path, agent.controlUrl), { method, headers, agent: false, signal, ...tls, minVersion: 'TLSv1.2' });
  const connecting = setTimeout(() => request.destroy(new Error('no connection in time')), CONNECT_MS);
  request.once('error', reject);
  request.once('close', () => clearTimeout(connecting));
  request.once('socket', (socket) => {
    socket.once('secureConnect', () => {
      clearTimeout(connecting);
      const { fingerprint256 } = (socket as import('node:tls').TLSSocket).getPeerCertificate();
      if (fingerprint256 !== agent.fingerprint) request.destroy(new Error('its certificate is not the enrolled one'));
    });
  });
  request.once('response', (response) => {
    readBody(response, MAX_ANSWER).then((bytes) => resolve({ status: response.statusCode ?? 0, text: bytes.toString('utf8') }), reject);
  });
  request.end(payload);
  return promise;
}

function refusal(agent: EnrolledAgent, value: unknown): Error {
  const found = refusalSchema.safeParse(value);
  if (!found.success) return ImageError('IMAGE_AGENT_ANSWER', { agent: agent.name, reason: 'a refusal without code' });
  const { code, status, text } = found.data;
  const spec = ImageError.specs.find((one) => one.code === code);
  return new GatewayError({ code, status, blame: spec?.blame ?? 'upstream', text });
}

function parse(agent: EnrolledAgent, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw ImageError('IMAGE_AGENT_ANSWER', { agent: agent.name, reason: 'it is no JSON' }, { cause: error });
  }
}

function part(id: string): string {
  return encodeURIComponent(id);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
