import type { Caller, Demand, Gate } from './access/gate.ts';
import type { Quota } from './access/quota.ts';
import { type Answer, jsonAnswer } from './http/answer.ts';
import { type Call, header } from './http/call.ts';
import type { Json } from './json.ts';
import { refuse } from './refusal.ts';
import { batchOf, fullItem, valueItem } from './routes/batch.ts';
import { iamActionOf } from './routes/iam-action.ts';
import { objectPage, type Page, wantsObjects } from './routes/paging-v1.ts';
import { cursorPage } from './routes/paging-v2.ts';
import { bodyFor, checkQuery } from './routes/parameters.ts';
import type { Asked, Route, World } from './routes/route.ts';
import type { Match, Router } from './routes/router.ts';
import { openApiDocument } from './schema/openapi.ts';
import { type ApiBranch, indexDocument, sectionDocument, sectionsOf } from './schema/sections.ts';
import type { Unsettled } from './unsettled.ts';

/** What the API works with. */
export interface ApiParts {
  readonly router: Router;
  readonly gate: Gate;
  readonly quota: Quota;
  readonly world: World;
  /** Whether paths that nobody knows answer with what was received. */
  readonly echo: boolean;
  readonly unsettled: Unsettled;
  /** Called as soon as it is known who asks. */
  readonly onCaller: (caller: Caller) => void;
}

const UNKNOWN_ROUTE: Demand = { access: 'private', iamAction: 'account:apiovh:unknown', whilePending: false, own: false };
const DEMANDS = new WeakMap<Route, Demand>();

/** Answers one call of the API, in the order of 9.1 from step 2 on. Throws a `Refusal`. */
export function apiAnswer(call: Call, parts: ApiParts): Answer {
  const document = documentFor(call, parts);
  if (document !== undefined) return jsonAnswer(200, document);
  const { router, gate, quota, echo } = parts;
  if (!echo && !router.knowsSection(call.path)) throw refuse.noRoute();
  const match = router.find(call.method, call.path);
  const demand = match === undefined ? UNKNOWN_ROUTE : demandOf(match.route);
  if (demand.access !== 'public') quota.count(callerKey(call));
  const caller = gate.pass(call, demand);
  parts.onCaller(caller);
  if (match === undefined) return echo ? echoAnswer(call) : refuseRoute();
  checkQuery(match.route, call.query);
  const asked: Asked = { call, params: match.params, body: bodyFor(match.route, call.body), caller, world: parts.world };
  const page = pageOf(match, asked, parts.unsettled);
  return jsonAnswer(200, page.body, page.headers);
}

function refuseRoute(): never {
  throw refuse.noRoute();
}

function demandOf(route: Route): Demand {
  const known = DEMANDS.get(route);
  if (known !== undefined) return known;
  const whilePending = route.path === '/auth/currentCredential';
  const demand = { access: route.access ?? 'private', iamAction: iamActionOf(route), whilePending, own: route.own ?? false } as const;
  DEMANDS.set(route, demand);
  return demand;
}

function callerKey(call: Call): string {
  return header(call, 'x-ovh-consumer') ?? header(call, 'authorization') ?? header(call, 'x-ovh-application') ?? call.remoteAddress;
}

function pageOf({ route, params }: Match, asked: Asked, { batch, objectLists }: Unsettled): Page {
  const separator = route.method === 'GET' && batch !== 'off' ? header(asked.call, 'x-ovh-batch') : undefined;
  if (separator !== undefined) {
    const itemOf = batch === 'full' ? fullItem : valueItem;
    const items = batchOf({ route, params }, separator, (key, one) => itemOf(key, () => route.run({ ...asked, params: one })));
    if (items !== undefined) return { body: items, headers: {} };
  }
  const value = route.run(asked);
  if (!Array.isArray(value)) return { body: value, headers: {} };
  if (route.paged === true) return cursorPage(asked.call, value);
  const { expand } = route;
  if (expand === undefined || !objectLists || !wantsObjects(asked.call)) return { body: value, headers: {} };
  return objectPage(
    asked.call,
    value.map((id: Json) => expand(String(id), asked)),
  );
}

function echoAnswer(call: Call): Answer {
  return jsonAnswer(200, { method: call.method, target: call.target, body: call.body.toString('utf8') });
}

/** The schema documents (8.1); they are public. */
function documentFor(call: Call, { router, world }: ApiParts): Json | undefined {
  if (call.method !== 'GET') return undefined;
  const branch = /^\/(1\.0|v1|v2)/.exec(call.target)?.[1] as ApiBranch | undefined;
  if (branch === undefined) return undefined;
  const path = branch === 'v2' ? call.path.slice(3) : call.path;
  if (path === '' || path === '/') return indexDocument(router.routes, branch, world.origin);
  if (!path.endsWith('.json')) return undefined;
  const section = path.slice(0, -'.json'.length);
  const routes = sectionsOf(router.routes, branch).get(section);
  if (routes === undefined) return undefined;
  const make = call.query.get('format') === 'openapi3' ? openApiDocument : sectionDocument;
  return make(section, routes, `${world.origin}/${branch}`, world.state);
}
