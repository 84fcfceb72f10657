import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CceError } from '../errors.ts';
import { formatAnswer } from '../map/answer.ts';
import type { CceRequest, Command } from '../map/command.ts';
import { type Answerable, formatJson, isObject, readJson } from '../map/json.ts';
import { openApi } from '../map/openapi.ts';
import { allowsClass, type Call, type CommandParts, requireIdentity } from '../service/commands/call.ts';
import { requireVerb, runCommand } from '../service/commands/run.ts';
import type { Admission, ApiCaller } from '../service/security/gatekeeper.ts';
import { deadlineFor } from './deadline.ts';
import { answerEventStream } from './event-stream.ts';
import { headerOf } from './header.ts';
import { machineMetrics } from './machine-metrics.ts';
import type { FaceSettings } from './settings.ts';

export interface CompanionOptions {
  readonly parts: CommandParts;
  readonly settings: FaceSettings;
  readonly stopping: AbortSignal;
  readonly callerOf: (request: FastifyRequest) => ApiCaller;
}

const NO_SERVICES: Answerable = { file_count: 0, event_files: [] };

/** They look at credentials of their own, because the browser of a user of the GUI is in no list. */
const COMPANIONS: ReadonlySet<string> = new Set(['/v2/services', '/v2/metrics', '/v2/schema', '/v2/events', '/v2/openapi.json']);

/** Whether a path has its own way of letting callers in. */
export function isCompanion(url: string | undefined): boolean {
  return url !== undefined && COMPANIONS.has(url);
}

/** What is read beside the commands (cce 5.1, 12). */
export function registerCompanions(app: FastifyInstance, options: CompanionOptions): void {
  const begunMs = options.parts.clock.now();
  app.get('/v2/services', async (request, reply) => {
    await callOf(request, reply, options);
    return send(reply, await services(options.settings.servicesFile));
  });
  app.get('/v2/metrics', async (request, reply) => {
    await callOf(request, reply, options);
    return send(reply, await machineMetrics());
  });
  app.get('/v2/health', async (_request, reply) =>
    send(reply, await health(options, deadlineFor('GET', reply, options.stopping), begunMs)),
  );
  app.get('/v2/schema', async (request, reply) => {
    const { class: name, namespace } = queryOf(request);
    const call = await callOf(request, reply, options, { kind: 'schema', class: name, namespace });
    const { http, body } = formatAnswer(await runCommand(call), options.settings);
    return reply.code(http).header('content-type', 'application/json').header('cache-control', 'no-store').send(body);
  });
  app.get('/v2/openapi.json', async (request, reply) => {
    const call = await callOf(request, reply, options, { kind: 'schema', class: undefined, namespace: undefined });
    requireVerb(call);
    const { classes, rules } = options.parts.backend.schema;
    const allowed = new Map([...classes].filter(([name]) => allowsClass(call, name)));
    return send(reply, openApi({ classes: allowed, rules }, options.parts.version));
  });
  app.get('/v2/events', { exposeHeadRoute: false }, async (request, reply) => {
    const { class: name, oid } = queryOf(request);
    const filter = { class: name, oid };
    const call = await callOf(request, reply, options, { kind: 'events', since: undefined, timeoutS: 0, filter });
    requireVerb(call);
    await requireIdentity(call);
    const authorize = () => admit(request, options, { needsSecret: true, signal: options.stopping });
    return answerEventStream(reply, { call, filter, since: headerOf(request, 'last-event-id'), stopping: options.stopping, authorize });
  });
  for (const url of [...COMPANIONS, '/v2/health']) {
    app.route({
      method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url,
      handler: (_request, reply) => {
        reply.header('allow', 'GET');
        throw CceError('CCE_METHOD_NOT_ALLOWED');
      },
    });
  }
}

const NOTHING_ASKED: Command = { kind: 'word', word: 'VERSION' };

/** A call for whoever shows `X-Token`, or `X-User` with `X-Session`; on this machine nothing need be shown. */
async function callOf(
  request: FastifyRequest,
  reply: FastifyReply,
  options: CompanionOptions,
  command: Command = NOTHING_ASKED,
): Promise<Call> {
  const signal = deadlineFor('GET', reply, options.stopping);
  const admission = await admit(request, options, { needsSecret: command.kind === 'events', signal });
  return { request: requestOf(command), caller: options.callerOf(request), admission, parts: options.parts, signal };
}

interface Admitting {
  readonly needsSecret: boolean;
  readonly signal: AbortSignal;
}

function admit(request: FastifyRequest, { parts, callerOf }: CompanionOptions, { needsSecret, signal }: Admitting): Promise<Admission> {
  const credentials = {
    user: headerOf(request, 'x-user'),
    sessionId: headerOf(request, 'x-session'),
    token: headerOf(request, 'x-token'),
    needsSecret,
  };
  return parts.gatekeeper.authorizeCompanion(callerOf(request), credentials, signal);
}

function requestOf(command: Command): CceRequest {
  return {
    verb: command.kind.toUpperCase(),
    command,
    credentials: { user: undefined, password: undefined, sessionId: undefined, token: undefined },
    options: {
      arrays: false,
      typed: false,
      dryRun: false,
      events: false,
      messages: false,
      expect: undefined,
      atomic: undefined,
      refs: false,
    },
  };
}

/** `class`, `namespace` and `oid` behind the question mark. */
function queryOf(request: FastifyRequest): { class: string | undefined; namespace: string | undefined; oid: string | undefined } {
  const query = new URL(request.url, 'https://localhost').searchParams;
  const of = (name: string) => query.get(name) ?? undefined;
  return { class: of('class'), namespace: of('namespace'), oid: of('oid') };
}

/** Without the file, or while it is half written, there are no services (cce 5.1). */
async function services(file: string | undefined): Promise<Answerable> {
  if (file === undefined) return NO_SERVICES;
  const text = await readFile(file, 'utf8').catch(() => '');
  const json = readJson(text);
  return isObject(json) ? json : NO_SERVICES;
}

/** cce 12.6. */
async function health({ parts }: CompanionOptions, signal: AbortSignal, begunMs: number): Promise<Answerable> {
  const { ok, suspended } = await parts.backend.health(signal);
  const uptime = Math.round((parts.clock.now() - begunMs) / 1000);
  return { status: ok ? 'ok' : 'failing', backend: parts.backend.kind, suspended: suspended !== undefined, uptime };
}

function send(reply: FastifyReply, body: Answerable): FastifyReply {
  return reply.code(200).header('content-type', 'application/json').header('cache-control', 'no-store').send(formatJson(body));
}
