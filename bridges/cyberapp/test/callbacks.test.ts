import { answerProblems, CallbackTable } from '@fairlead/acronis/codec';
import { newUuid } from '@fairlead/kernel/ids';
import { describe, expect, test } from 'vitest';
import { Organizations } from '../src/service/organizations.ts';
import { addUser } from '../src/service/users.ts';
import type { CyberappTables } from '../src/store/tables.ts';
import { type Answered, APP, type HandlerRig, startHandler, TENANT, type Wish } from './support/handler-rig.ts';

const table = new CallbackTable({ app: APP });

/** What the gateway of Acronis would say of an answer. */
function problems(name: Parameters<CallbackTable['named']>[0], { status, json, headers }: Answered): readonly string[] {
  const callback = table.named(name);
  if (callback === undefined) throw new TypeError(name);
  return answerProblems(callback, String(json.request_id), { status, contentType: String(headers['content-type']), body: json });
}

const payloadOf = ({ json }: Answered) => json.payload as Readonly<Record<string, unknown>>;

async function enable(rig: HandlerRig, tenant = TENANT, wish: Wish = {}): Promise<Answered> {
  const { tree } = rig;
  const payload = { vendor_tenant_id: wish.identity === 'p2' ? tree.p2.id : tree.p1.id, acronis_tenant_id: tenant };
  return rig.call('enablement.write', payload, { tenantId: tenant, ...wish });
}

async function link(rig: HandlerRig, pairs: readonly (readonly [string, string | null | undefined])[], wish: Wish = {}): Promise<Answered> {
  const modified = pairs.map(([vendor_tenant_id, acronis_tenant_id]) => ({ vendor_tenant_id, acronis_tenant_id }));
  return rig.call('tenant_mapping.write', { modified }, wish);
}

const rows = (rig: HandlerRig) => rig.store.tables<CyberappTables>().selectFrom('cyberapp_mappings').selectAll().execute();

describe('enablement', () => {
  test('cyberapp 9.58, 9.59: a link is read after it was written, and absent before', async () => {
    await using rig = await startHandler();
    const before = await rig.call('enablement.read', undefined);
    expect(payloadOf(before)).toEqual({ vendor_tenant_id: rig.tree.p1.id });
    expect(problems('enablement.read', before)).toEqual([]);
    const written = await enable(rig);
    expect(Object.keys(written.json).toSorted()).toEqual(['request_id', 'response_id', 'type']);
    expect(problems('enablement.write', written)).toEqual([]);
    const after = await rig.call('enablement.read', undefined);
    expect(payloadOf(after)).toEqual({ vendor_tenant_id: rig.tree.p1.id, acronis_tenant_id: TENANT });
    expect(problems('enablement.read', after)).toEqual([]);
  });

  test('cyberapp 9.61, 9.62: refusals have one text, and say nothing of the owner', async () => {
    await using rig = await startHandler();
    await enable(rig);
    const own = await enable(rig, newUuid());
    const other = await enable(rig, TENANT, { identity: 'p2' });
    expect([own.status, other.status]).toEqual([403, 403]);
    expect(own.json.err_message).toBe(other.json.err_message);
    expect(own.json).not.toHaveProperty('type');
  });

  test('cyberapp 9.65, 9.66: a customer may not, and payloads must be whole', async () => {
    await using rig = await startHandler();
    await rig.store
      .tables<CyberappTables>()
      .updateTable('cyberapp_users')
      .set((get) => ({ password_hash: get.selectFrom('cyberapp_users as p1').select('p1.password_hash').where('p1.login_key', '=', 'p1') }))
      .where('login_key', '=', 'c1')
      .execute();
    for (const callback of ['enablement.read', 'topology.read', 'enablement.reset'])
      expect((await rig.call(callback, undefined, { identity: 'c1' })).status).toBe(403);
    const ids = { vendor_tenant_id: rig.tree.p1.id, acronis_tenant_id: TENANT };
    for (const payload of [undefined, {}, { ...ids, acronis_tenant_id: 'x' }, { vendor_tenant_id: 5 }, { acronis_tenant_id: TENANT }])
      expect((await rig.call('enablement.write', payload)).status).toBe(400);
  });

  test('cyberapp 9.73, 9.74: data centers are those of Acronis, in both forms', async () => {
    await using rig = await startHandler();
    for (const datacenterUrl of [
      'https://evil.example',
      'http://eu8.acronis.cloud',
      'https://u:p@eu8.acronis.cloud',
      'https://eu8.acronis.cloud:8443',
      'https://eu8.acronis.cloud/x',
    ])
      expect((await enable(rig, TENANT, { datacenterUrl })).status).toBe(403);
    expect(await rows(rig)).toEqual([]);
    await enable(rig, TENANT, { datacenterUrl: 'https://eu8-cloud.acronis.com' });
    await link(rig, [[rig.tree.c1.id, newUuid()]], { datacenterUrl: 'https://eu8-cloud.acronis.com/' });
    const read = await rig.call('tenant_mapping.read', undefined, { datacenterUrl: 'https://eu8.acronis.cloud' });
    expect(payloadOf(read).items).toContainEqual(
      expect.objectContaining({ vendor_tenant_id: rig.tree.c1.id, acronis_tenant_id: expect.any(String) }),
    );
  });
});

describe('customers', () => {
  test('cyberapp 9.75, 9.77, 9.79, 9.80, 9.81, 9.82: are listed, linked and unlinked', async () => {
    await using rig = await startHandler();
    const topology = await rig.call('topology.read', {});
    expect(problems('topology.read', topology)).toEqual([]);
    expect((payloadOf(topology).items as { name: string }[]).map(({ name }) => name)).toEqual(['C1', 'c2', 'C3', 'C9']);
    await new Organizations(rig.store).add({ name: 'P3', kind: 'partner' });
    const [t1, t2] = [newUuid(), newUuid()];
    const written = await link(rig, [
      [rig.tree.c1.id, t1],
      [rig.tree.c2.id, t2.toUpperCase()],
    ]);
    expect(problems('tenant_mapping.write', written)).toEqual([]);
    const read = await rig.call('tenant_mapping.read', undefined);
    expect(problems('tenant_mapping.read', read)).toEqual([]);
    expect(payloadOf(read)).toEqual({
      items: [
        { vendor_tenant_id: rig.tree.c1.id, acronis_tenant_id: t1 },
        { vendor_tenant_id: rig.tree.c2.id, acronis_tenant_id: t2 },
        { vendor_tenant_id: rig.tree.c3.id },
        { vendor_tenant_id: rig.tree.c9.id },
      ],
    });
    await link(rig, [
      [rig.tree.c1.id, undefined],
      [rig.tree.c2.id, null],
      [rig.tree.c3.id, ''],
    ]);
    expect(await rows(rig)).toEqual([]);
  });

  test('cyberapp 9.83, 9.92: what is not the caller’s is refused whole, and so is a list that is none', async () => {
    await using rig = await startHandler();
    const foreign = await link(rig, [
      [rig.tree.c1.id, newUuid()],
      [rig.tree.d1.id, newUuid()],
    ]);
    const unknown = await link(rig, [[newUuid(), newUuid()]]);
    expect([foreign.status, unknown.status]).toEqual([403, 403]);
    expect(foreign.json.err_message).toBe(unknown.json.err_message);
    expect(await rows(rig)).toEqual([]);
    expect((await link(rig, [])).status).toBe(200);
    for (const payload of [
      undefined,
      {},
      { modified: {} },
      { modified: 'x' },
      { modified: [{}] },
      { modified: [{ vendor_tenant_id: rig.tree.c1.id, acronis_tenant_id: 'x' }] },
    ])
      expect((await rig.call('tenant_mapping.write', payload)).status).toBe(400);
    const many = Array.from({ length: 20_001 }, () => [newUuid(), undefined] as const);
    expect((await link(rig, many)).status).toBe(400);
  });

  test('cyberapp 9.78: more than fit are cut, and the answer says how many there are', async () => {
    await using rig = await startHandler({ keys: 'topology_limit = 3' });
    const cut = await rig.call('topology.read', {});
    expect(payloadOf(cut)).toMatchObject({ items: { length: 3 }, paging: { offset: 0, limit: 3, total_count: 4 } });
    expect(problems('topology.read', cut)).toEqual([]);
    await using exact = await startHandler({ keys: 'topology_limit = 4' });
    expect(payloadOf(await exact.call('topology.read', {}))).not.toHaveProperty('paging');
  });
});

describe('users', () => {
  const fields = { login: 'ada', name: 'Ada', email: 'ada@example.com' };

  test('cyberapp 9.97, 9.101, 9.102, 9.103, 9.104, 9.105: pages of users, with the errors that were declared', async () => {
    await using rig = await startHandler();
    const tenantId = newUuid();
    await link(rig, [[rig.tree.c1.id, tenantId]]);
    const made = await rig.call('user_write', fields, { tenantId });
    expect(made.status).toBe(200);
    expect(problems('user_write', made)).toEqual([]);
    const read = await rig.call('users_read', undefined, { tenantId });
    expect(problems('users_read', read)).toEqual([]);
    expect((payloadOf(read).items as { name: string }[]).map(({ name }) => name)).toEqual(['Ada', 'C1']);
    const refused = async (payload: unknown, wish: Wish) => {
      const answer = await rig.call('user_write', payload, wish);
      expect(problems('user_write', answer)).toEqual([]);
      return [answer.status, payloadOf(answer).code, payloadOf(answer).field];
    };
    expect(await refused({ ...fields, login: 'ADA' }, { tenantId })).toEqual([409, 'login_taken', undefined]);
    expect(await refused(fields, { tenantId: newUuid() })).toEqual([404, 'tenant_not_mapped', undefined]);
    expect(await refused({ login: 'x', email: 'x@y' }, { tenantId })).toEqual([422, 'invalid_field', 'name']);
    expect(await refused({ ...fields, login: 'b:c' }, { tenantId })).toEqual([422, 'invalid_field', 'login']);
    expect(await refused({ ...fields, login: 'bob', email: 'bob' }, { tenantId })).toEqual([422, 'invalid_field', 'email']);
    expect((await rig.call('enablement.read', undefined, { identity: 'ada' })).status).toBe(401);
  });

  test('cyberapp 9.106, 9.107, 9.108: changing, deleting and resetting', async () => {
    await using rig = await startHandler();
    await enable(rig);
    const { p1, p1b, d1 } = rig.tree.users;
    const codeOf = async (callback: string, payload: unknown) => {
      const answer = await rig.call(callback, payload);
      return [answer.status, payloadOf(answer)?.code];
    };
    expect(await codeOf('user_update', { id: p1b.id, name: 'New', email: 'new@example.com' })).toEqual([200, undefined]);
    expect(await codeOf('user_update', { id: d1.id, name: 'New', email: 'new@example.com' })).toEqual([404, 'user_not_found']);
    expect(await codeOf('user_delete', { id: p1.id })).toEqual([409, 'own_account']);
    expect(await codeOf('user_delete', { id: d1.id })).toEqual([200, undefined]);
    expect(await codeOf('user_delete', { id: p1b.id })).toEqual([200, undefined]);
    const resets = () => rig.store.tables<CyberappTables>().selectFrom('cyberapp_password_resets').selectAll().execute();
    const known = await rig.call('reset_password', { id: p1.id });
    expect(await resets()).toHaveLength(1);
    const unknown = await rig.call('reset_password', { id: newUuid() });
    expect(await resets()).toHaveLength(1);
    for (let at = 0; at < 6; at += 1) await rig.call('reset_password', { id: p1.id });
    expect(await resets()).toHaveLength(5);
    expect([known.status, known.json.type]).toEqual([unknown.status, unknown.json.type]);
    expect((await rig.call('enablement.read', undefined)).status).toBe(200);
  });

  test('cyberapp 9.110: an app version without declared errors gets what the sample gives', async () => {
    await using rig = await startHandler({ keys: 'declared_errors = false' });
    await enable(rig);
    const statusOf = async (callback: string, payload: unknown, wish: Wish = {}) => (await rig.call(callback, payload, wish)).status;
    expect(await statusOf('user_write', { ...fields, login: 'p1' })).toBe(400);
    expect(await statusOf('user_update', { id: newUuid(), name: 'N', email: 'n@example.com' })).toBe(200);
    expect(await statusOf('user_write', fields, { tenantId: newUuid() })).toBe(200);
    expect(await statusOf('user_write', { ...fields, email: 'x' })).toBe(400);
    expect(
      await rig.store.tables<CyberappTables>().selectFrom('cyberapp_users').select('id').where('login_key', '=', 'ada').execute(),
    ).toEqual([]);
  });

  test('without user management its callbacks are not known', async () => {
    await using rig = await startHandler({ keys: 'user_management = false' });
    expect((await rig.call('users_read', {})).status).toBe(400);
  });
});

describe('repeated requests', () => {
  test('cyberapp 9.112, 9.113, 9.115, 9.118: one effect and equal answers, for who may and asks the same', async () => {
    await using rig = await startHandler();
    await enable(rig);
    const requestId = newUuid();
    const payload = { login: 'ada', name: 'Ada', email: 'ada@example.com' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => rig.call('user_write', payload, { requestId })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect((await rig.call('user_write', { ...payload, login: 'bob' }, { requestId })).status).toBe(400);
    expect((await rig.call('user_delete', { id: newUuid() }, { requestId })).status).toBe(400);
    expect((await rig.call('user_write', payload, { requestId, password: 'wrong' })).status).toBe(401);
    const reads = [await rig.call('users_read', {}, { requestId }), await rig.call('users_read', {}, { requestId })];
    expect(reads[0]?.json.response_id).not.toBe(reads[1]?.json.response_id);
    const audit = await rig.audit.find({ limit: 100, correlationId: requestId });
    expect(audit.filter(({ action, outcome }) => action === 'callback.user_write' && outcome === 'ok')).toHaveLength(10);
    expect(audit.filter(({ detail }) => detail?.replayed === true)).toHaveLength(9);
  });

  test('cyberapp 9.116: a refusal is repeated, the same to the byte', async () => {
    await using rig = await startHandler();
    const tenant = newUuid();
    await enable(rig, tenant, { identity: 'p2' });
    const requestId = newUuid();
    const first = await enable(rig, tenant, { requestId });
    expect(first.status).toBe(403);
    await rig.call('enablement.reset', undefined, { identity: 'p2' });
    expect((await enable(rig, tenant, { requestId })).text).toBe(first.text);
    expect((await enable(rig, tenant)).status).toBe(200);
  });

  test('a store that is away is told, and what failed has left nothing', async () => {
    await using rig = await startHandler();
    await rig.store.tables<CyberappTables>().schema.dropTable('cyberapp_requests').execute();
    const answer = await enable(rig);
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/cyberapp_requests|sql/i);
    expect(await rows(rig)).toEqual([]);
  });
});

test('cyberapp 9.97, 9.99, 9.100: of another partner’s page nothing is seen', async () => {
  await using rig = await startHandler();
  const tenant = newUuid();
  await enable(rig, tenant, { identity: 'p2' });
  await addUser(rig.store, rig.store.tables<CyberappTables>(), {
    login: 'z',
    name: 'Z',
    email: 'z@example.com',
    organizationId: rig.tree.p2.id,
  });
  expect(payloadOf(await rig.call('users_read', {}, { tenantId: tenant }))).toEqual({ items: [] });
  expect(payloadOf(await rig.call('users_read', {}, { tenantId: tenant, identity: 'p2' })).items).toHaveLength(2);
});
