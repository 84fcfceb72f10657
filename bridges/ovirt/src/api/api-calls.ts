import { collectionOf } from '@fairlead/ovirt/codec';
import { OvirtError } from '../errors.ts';
import type { Parts } from '../service/parts.ts';
import { answerError, ownError } from './fault.ts';
import { type Incoming, textHeader } from './request.ts';
import type { Answer, Call, Route } from './route.ts';
import type { Match, RouteTable } from './routing.ts';
import { type Authenticated, authenticate } from './rules/authenticate.ts';
import { requireFormat, requireVersion } from './rules/headers.ts';
import { makeCall } from './rules/make-call.ts';
import { requireUuids } from './rules/params.ts';
import { type Sent, toSent } from './sent.ts';

export interface ApiCallParts {
  readonly parts: Parts;
  readonly routes: RouteTable;
  /** Where cookies of sessions count: the path of the API. */
  readonly cookiePath: string;
}

interface Asked {
  readonly incoming: Incoming;
  /** Below the API, decoded; undefined when the path cannot be read. */
  readonly segments: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** One call of the API from headers to answer; every failure becomes a fault. */
export async function answerApi({ parts, routes, cookiePath }: ApiCallParts, asked: Asked): Promise<Sent> {
  const { incoming, segments } = asked;
  let who: Authenticated | undefined;
  try {
    const format = requireFormat(incoming);
    requireVersion(incoming);
    who = await authenticate(parts.auth, incoming, cookiePath);
    const match = segments === undefined ? nothing : routes.match(incoming.method, segments);
    const call = makeCall(incoming, {
      caller: parts.auth.callerOf(who.identity),
      params: match.kind === 'route' ? match.params : {},
      signal: asked.signal,
      log: parts.context.log.child({ correlationId: incoming.correlationId, user: who.identity.userId }),
    });
    const answer = await answerMatch(match, call, { incoming, routes });
    const sent = toSent(await dressed(parts, call, answer), format);
    return who.setCookie === undefined ? sent : { ...sent, headers: { ...sent.headers, 'set-cookie': who.setCookie } };
  } catch (error) {
    // CloudStack does not take these keys any more: whoever comes with them again has to log in (ovirt 2.7).
    if (OvirtError.is(ownError(error), 'OVIRT_UNAUTHORIZED')) await who?.drop();
    return failed(error, parts, asked);
  }
}

const nothing: Match = { kind: 'nothing' };

async function answerMatch(match: Match, call: Call, { incoming, routes }: { incoming: Incoming; routes: RouteTable }): Promise<Answer> {
  switch (match.kind) {
    case 'route':
      requireUuids(match.route, match.params);
      return match.route.handle(call);
    case 'other-methods':
      throw OvirtError('OVIRT_METHOD_NOT_ALLOWED', { method: incoming.method, allow: match.allow.join(', ') });
    case 'empty':
      await requireParent(match.parent, call, routes);
      return { status: 200, type: match.type, objects: [] };
    default:
      throw OvirtError('OVIRT_NO_SUCH_PATH', { path: incoming.path.slice(0, 200) });
  }
}

/** An empty collection below something that does not exist is 404 (ovirt 4.1). */
async function requireParent(parent: readonly string[], call: Call, routes: RouteTable): Promise<void> {
  if (parent.length === 0) return;
  const match = routes.match('GET', parent);
  if (match.kind !== 'route') throw OvirtError('OVIRT_NOT_FOUND', { id: parent.at(-1)?.slice(0, 80) });
  requireUuids(match.route, match.params);
  await (match.route as Route).handle({ ...call, params: match.params, allContent: false, search: undefined });
}

/** Inlines what `follow` asks for and cuts what `max` does not. */
async function dressed(parts: Parts, call: Call, answer: Answer): Promise<Answer> {
  if ('raw' in answer) return answer;
  if ('object' in answer) {
    if (call.follow.size === 0) return answer;
    const [object] = await parts.follow.apply(call.caller, answer.type, [answer.object], call.follow);
    return { ...answer, object: object ?? answer.object };
  }
  const objects = call.max === undefined ? answer.objects : answer.objects.slice(0, call.max);
  return { ...answer, objects: await parts.follow.apply(call.caller, answer.type, objects, call.follow) };
}

function failed(cause: unknown, parts: Parts, { incoming, segments }: Asked): Sent {
  const error = ownError(cause);
  logFailure(parts, incoming, error);
  const { body, contentType, headers } = answerError(error, {
    format: incoming.accepted?.format ?? 'xml',
    isAction: isAction(incoming.method, segments ?? []),
    isHtml: incoming.accepted !== undefined && !incoming.accepted.explicit,
    isBearer: /^bearer /i.test(textHeader(incoming.headers, 'authorization') ?? ''),
  });
  return { status: error.status, contentType, body, headers };
}

/** `POST /vms/{id}/start` and the like: the last part is a verb and no collection. */
function isAction(method: string, segments: readonly string[]): boolean {
  return method === 'POST' && segments.length >= 3 && collectionOf(segments.at(-1) ?? '') === undefined;
}

function logFailure(parts: Parts, incoming: Incoming, error: ReturnType<typeof ownError>): void {
  const { log } = parts.context;
  const fields = { code: error.code, method: incoming.method, path: incoming.path, correlationId: incoming.correlationId, err: error };
  if (error.blame === 'gateway') log.error(fields, 'request failed');
  else if (error.blame === 'upstream') log.warn(fields, 'request failed upstream');
  else log.debug(fields, 'request refused');
}
