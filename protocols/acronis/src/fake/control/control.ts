import { isObject, type JsonObject } from '../../codec/read.ts';
import { type Answer, jsonAnswer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import { Refusal, refuse } from '../http/refusal.ts';
import type { TenantWish } from '../options.ts';
import type { BadToken, RequestSigner } from '../signing/request-signer.ts';
import type { World } from '../world/world.ts';
import { faultWish } from './fault-wish.ts';

export interface Controlled {
  readonly world: World;
  readonly signer: RequestSigner;
  readonly reset: () => void;
}

/** `/_fake/…`: for programs that are not this process. Only this machine, and no page of a browser, is let in. */
export async function controlAnswer(call: Call, controlled: Controlled): Promise<Answer> {
  try {
    return await right(call, controlled);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return jsonAnswer(400, { domain: 'Fake', code: 'Refused', reason: String(error) });
  }
}

function right(call: Call, { world, signer, reset }: Controlled): Answer | Promise<Answer> {
  if (!isLoopback(call.remoteAddress) || call.headers.origin !== undefined) throw nothing();
  const [, , what = '', key = ''] = call.path.split('/');
  switch (`${call.method} ${what}`) {
    case 'GET state':
      return jsonAnswer(200, stateOf(world));
    case 'GET requests':
      return jsonAnswer(200, world.recorder.of());
    case 'POST faults':
      return armed(world, bodyOf(call));
    case 'DELETE faults':
      world.faults.clear();
      return jsonAnswer(200, {});
    case 'POST clock':
      return turned(world, bodyOf(call));
    case 'POST reset':
      reset();
      return jsonAnswer(200, {});
    case 'POST dismiss':
      if (!world.alerts.dismiss(key, world.clock.now())) throw nothing();
      return jsonAnswer(200, {});
    case 'POST token':
      return signed(signer, bodyOf(call));
    case 'GET tenants':
      return jsonAnswer(200, world.tenants.all);
    case 'POST tenants':
      return jsonAnswer(201, world.tenants.add(tenantWish(bodyOf(call))));
    default:
      throw nothing();
  }
}

function armed(world: World, body: JsonObject): Answer {
  const wish = faultWish(body);
  if (wish === undefined)
    throw refuse(400, 'InvalidArgument', 'A fault has a route, a fault with what its kind wants, and times or always.');
  const { route, fault, times, ...place } = wish;
  world.faults.next(route, fault, { ...place, times });
  return jsonAnswer(200, {});
}

/** A request token, for a driver of callbacks in another process: its keys are those that the fake publishes. */
async function signed(signer: RequestSigner, { endpointId, bad, claims }: JsonObject): Promise<Answer> {
  if (typeof endpointId !== 'string') throw refuse(400, 'InvalidArgument', 'endpointId has to be a string');
  if (claims !== undefined && !isObject(claims)) throw refuse(400, 'InvalidArgument', 'claims has to be an object');
  // JSON has no undefined: null leaves a claim out.
  const known = Object.fromEntries(Object.entries(claims ?? {}).map(([name, value]) => [name, value ?? undefined]));
  return jsonAnswer(200, { token: await signer.token(endpointId, { bad: bad as BadToken | undefined, claims: known }) });
}

function turned(world: World, { advance }: JsonObject): Answer {
  if (typeof advance !== 'number' || !Number.isFinite(advance)) throw refuse(400, 'InvalidArgument', 'advance has to be milliseconds');
  world.clock.advance(advance);
  return jsonAnswer(200, { now: world.clock.now() });
}

function tenantWish(body: JsonObject): TenantWish {
  const { name, id, kind, parentId, datacenter, enabled } = body as Record<string, never>;
  if (typeof name !== 'string') throw refuse(400, 'InvalidArgument', 'name has to be a string');
  const kinds: readonly unknown[] = ['root', 'partner', 'folder', 'customer', 'unit'];
  if (kind !== undefined && !kinds.includes(kind)) throw refuse(400, 'InvalidArgument', 'kind is not known');
  return { name, ...defined({ id, kind, parentId, datacenter, enabled }) };
}

function defined(members: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function stateOf({ clock, datacenters, tenants, alerts, workloads, statuses, tripped, unsettled, recorder }: World): object {
  return {
    now: clock.now(),
    datacenters,
    tenants: tenants.all.length,
    alerts: alerts.all,
    workloads: workloads.all,
    statuses,
    tripped,
    unsettled,
    requests: recorder.count(),
    unexpected: recorder.unexpected,
  };
}

function bodyOf({ value }: Call): JsonObject {
  if (!isObject(value)) throw refuse(400, 'InvalidJson', 'The body has to be a JSON object.');
  return value;
}

function nothing(): Refusal {
  return refuse(404, 'NotFound', 'There is nothing here.');
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || plain.startsWith('127.');
}
