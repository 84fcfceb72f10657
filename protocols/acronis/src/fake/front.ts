import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { isUuid } from '@fairlead/kernel/ids';
import { controlAnswer } from './control/control.ts';
import type { Fault } from './faults.ts';
import { type Answer, jsonAnswer, pageAnswer } from './http/answer.ts';
import { bodyOf, type Call, callOf, tenantsOf } from './http/call.ts';
import { Refusal, refuse } from './http/refusal.ts';
import { replacement, send, spoiled } from './http/send.ts';
import { ALL_ROUTES } from './routes/all.ts';
import type { Route } from './routes/route.ts';
import { tenantOf } from './routes/scope.ts';
import type { RequestSigner } from './signing/request-signer.ts';
import type { App } from './world/apps.ts';
import type { World } from './world/world.ts';

const MAX_BODY = 32 * 1024 * 1024;
const CONTROL = '/_fake/';

export interface FrontParts {
  readonly world: World;
  readonly datacenter: string;
  readonly signer: RequestSigner;
  readonly closed: AbortSignal;
  readonly reset: () => void;
}

/** Takes the requests of one data center (CyberApp 6.2: the order of its checks). */
export class Front {
  readonly #parts: FrontParts;

  constructor(parts: FrontParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#serve(message, response);
    } catch {
      response.destroy();
    }
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { world, signer, closed, datacenter, reset } = this.#parts;
    const call = callOf(message, await bodyOf(message, MAX_BODY));
    if (call.path.startsWith(CONTROL)) return await send(response, await controlAnswer(call, { world, signer, reset }), undefined, closed);
    const found = routeOf(call);
    const entry = world.recorder.note(call, { at: world.clock.now(), datacenter, route: found?.route.name });
    const fault = found === undefined ? undefined : world.faults.take(found.route.name, datacenter, this.#touched(found, call));
    entry.fault = fault?.kind;
    await this.#pause(fault);
    const answer = await this.#answer(call, found, fault);
    if (answer === 'hang') return;
    if (answer === 'reset') return void response.socket?.resetAndDestroy();
    entry.status = answer.status;
    const skewMs = fault?.kind === 'clockSkew' ? fault.ms : 0;
    response.setHeader('date', new Date(world.clock.now() + skewMs).toUTCString());
    await send(response, answer, fault, closed);
  }

  async #answer(call: Call, found: Found | undefined, fault: Fault | undefined): Promise<Answer | 'reset' | 'hang'> {
    const instead = replacement(fault);
    if (instead !== undefined) {
      if (fault?.kind === 'unauthorized') this.#parts.world.tokens.revoke(bearerOf(call));
      return instead;
    }
    if (found === undefined) return jsonAnswer(404, { domain: 'Request', code: 'NotFound', reason: 'There is nothing here.' });
    try {
      return spoiled(fault, await this.#carryOut(call, found, fault));
    } catch (error) {
      if (error instanceof Refusal) return spoiled(fault, error.answer);
      return jsonAnswer(500, { domain: 'Fake', code: 'Failed', reason: String(error) });
    }
  }

  async #carryOut(call: Call, { route, params }: Found, fault: Fault | undefined): Promise<Answer> {
    const { world, datacenter } = this.#parts;
    const visit = { world, call, datacenter, params, fault };
    if (route.open) return await route.run(visit);
    const app = this.#appOf(call);
    if (app === undefined) return pageAnswer(401, 'text/plain; charset=utf-8');
    if (!route.account) for (const id of tenantsOf(call).filter(isUuid)) tenantOf({ ...visit, app }, id);
    if (route.json) jsonOnly(call);
    return route.run({ ...visit, app });
  }

  #appOf(call: Call): App | undefined {
    const { world, datacenter } = this.#parts;
    return world.tokens.find(bearerOf(call), datacenter)?.app;
  }

  /** Tenants that a fault may be meant for: those that are named, and that of the row in the path. */
  #touched({ route, params }: Found, call: Call): readonly string[] {
    const { alerts, workloads } = this.#parts.world;
    const ids = [...params, ...(route.name === 'workloads.delete' ? workloadIds(call) : [])];
    const rows = ids.flatMap((id) => [alerts.get(id), workloads.get(id)]).flatMap((row) => row?.tenantId.toLowerCase() ?? []);
    return [...tenantsOf(call), ...rows];
  }

  async #pause(fault: Fault | undefined): Promise<void> {
    const ms = this.#parts.world.unsettled.answerMs + (fault?.kind === 'slow' ? fault.ms : 0);
    if (ms > 0) await wait(ms, undefined, { signal: this.#parts.closed });
  }
}

interface Found {
  readonly route: Route;
  readonly params: readonly string[];
}

function routeOf(call: Call): Found | undefined {
  for (const route of ALL_ROUTES) {
    const match = route.method === call.method ? route.path.exec(call.path) : null;
    if (match !== null) return { route, params: match.slice(1).map(decoded) };
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function workloadIds({ query }: Call): readonly string[] {
  return query.getAll('workload_id').flatMap((text) => text.replace(/^or\(|\)$/g, '').split(','));
}

function bearerOf({ headers }: Call): string {
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** @throws Refusal 415 for another media type, 400 for what is no JSON */
function jsonOnly({ headers, value }: Call): void {
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    throw refuse(415, 'UnsupportedMediaType', 'The body has to be application/json.');
  }
  if (value === undefined) throw refuse(400, 'InvalidJson', 'The body is no JSON.');
}
