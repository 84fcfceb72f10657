import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultWish } from './control/fault-wish.ts';
import type { Answer } from './http/answer.ts';
import { type Call, callOf, tenantsOf } from './http/call.ts';
import { exactMember } from './http/exact-json.ts';
import { Refusal } from './http/refusal.ts';
import { ALL_ROUTES } from './routes/all.ts';
import { bounds, timeOf } from './routes/filters.ts';
import type { GuardedRoute } from './routes/route.ts';
import { makeWorld } from './world/make-world.ts';

const APP = 'acme.fairlead';
const TENANT = 'f2b0a1d7-53f5-4a1d-8f0c-7d3f4e7b9a66';
const VM = `cti.a.p.wm.workload.v1.0~a.p.wm.aspect.v1.0~${APP}.vm.v1.0`;
const ALERT = `cti.a.p.am.alert.v1.0~a.p.basic.v1.0~${APP}.failed.v1.0`;
const WORDS = [
  TENANT,
  VM,
  ALERT,
  'or(a,b)',
  'ge(1)',
  'range(1,2)',
  'asc(updated_at)',
  'MC8x',
  'tenant',
  'type',
  'limit',
  'after',
  'details',
  'items',
];
const PARAMETERS = [
  'tenant',
  'tenant_id',
  'workload_id',
  'type',
  'id',
  'severity',
  'created_at',
  'updated_at',
  'order',
  'limit',
  'after',
  'before',
  'skip',
  'uuids',
  'parent_id',
  'subtree_root_id',
];

const worldOf = () =>
  makeWorld({
    apps: [{ code: APP, clientId: 'c', clientSecret: 's', alertTypes: ['failed'], workloadTypes: ['vm'] }],
    tenants: [{ id: TENANT, name: 'Bakery Lind', kind: 'customer' }],
    strict: 'reject-unknown',
  });

function callWith(query: string, text: string, path = '/'): Call {
  const message = { url: `${path}?${query}`, method: 'GET', headers: {}, socket: { remoteAddress: '127.0.0.1' } };
  return callOf(message as unknown as Parameters<typeof callOf>[0], Buffer.from(text));
}

/** The answer; a refusal is one, and nothing else may be thrown. */
function answered(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

const text = hostileText({ words: WORDS });
const member = fc.oneof(text, fc.integer(), fc.constantFrom(true, null, [], {}, TENANT, VM, ALERT));
const names = [
  'type',
  'name',
  'attributes',
  'client_id',
  'allowed_actions',
  'tenant_id',
  'tenantID',
  'enabled',
  'external_id',
  'details',
  'severity',
  '_source',
  '_sourceTimeStamp',
  'createdAt',
];
const item = fc.dictionary(fc.constantFrom(...names), member);
const good = fc.constantFrom(
  { type: VM, name: 'a', tenant_id: TENANT, attributes: {}, client_id: 'c' },
  { type: ALERT, tenantID: TENANT, details: {}, _sourceTimeStamp: 5 },
);
const one = fc.tuple(fc.oneof(good, item), item).map(([base, change]) => ({ ...base, ...change }));
const body = fc.oneof(one, good, fc.record({ items: fc.array(fc.oneof(good, one), { maxLength: 3 }) }), fc.jsonValue());
const query = fc.array(fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PARAMETERS) }, { weight: 1, arbitrary: text }), text), {
  maxLength: 3,
});

test('whatever is asked of a route, it answers, and never as if it had failed itself', async () => {
  const guarded = ALL_ROUTES.filter((route): route is GuardedRoute => route.open !== true);
  await fuzz(
    'acronis.fake-routes',
    fc.tuple(fc.constantFrom(...guarded), query, body, fc.array(text, { maxLength: 1 })),
    ([route, pairs, value, params]) => {
      const world = worldOf();
      const [app] = world.apps;
      if (app === undefined) throw new Error('no app');
      const search = new URLSearchParams(
        pairs.map(([name, one]): [string, string] => [name.toWellFormed(), one.toWellFormed()]),
      ).toString();
      const call = callWith(search, JSON.stringify(value));
      expect(Array.isArray(tenantsOf(call))).toBe(true);
      const { status } = answered(() => route.run({ world, call, datacenter: 'eu8', app, params, fault: undefined }));
      expect([200, 204, 400, 403, 404]).toContain(status);
      return status < 300;
    },
    { someAccepted: true },
  );
});

test('filters read any text or refuse it', async () => {
  await fuzz(
    'acronis.fake-filters',
    text,
    (value) => {
      const status = answered(() => {
        expect(typeof bounds(new URLSearchParams([['x', value.toWellFormed()]]), 'x', timeOf)(0)).toBe('boolean');
        return { status: 200, headers: {}, body: '' };
      }).status;
      expect([200, 400]).toContain(status);
    },
    { share: 3 },
  );
});

test('a fault that is none is none, and digits survive', async () => {
  await fuzz(
    'acronis.fake-wishes',
    fc.tuple(
      fc.dictionary(fc.constantFrom('route', 'fault', 'times', 'always', 'tenant'), fc.oneof(member, fc.record({ kind: text }))),
      fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
    ),
    ([wish, digits]) => {
      const found = faultWish(wish);
      expect(found === undefined || typeof found.fault.kind === 'string').toBe(true);
      expect(exactMember(`{"a":{"x":1},"n":${digits}}`, 'n')).toBe(digits);
    },
    { share: 3 },
  );
});
