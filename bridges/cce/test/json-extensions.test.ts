import { describe, expect, test } from 'vitest';
import { asAdmin, type Body } from './support/as-admin.ts';
import { type JsonRig, startJsonRig } from './support/json-rig.ts';
import { STANDS, socket } from './support/stands.ts';

/** A token of a scoped secret, and how it asks. */
async function scoped(rig: JsonRig): Promise<(body: object) => Promise<{ http: number; json: Body }>> {
  const remote = '198.51.100.7';
  const { json } = await rig.call({ cmd: 'LOGIN' }, { remote });
  const { token } = json.data as { token: string };
  return (body) => rig.call({ ...body, token }, { remote });
}

describe.each(STANDS)('extensions over $name', (stand) => {
  test('cce 17.134: arrays and types, in and out', async () => {
    await using rig = await startJsonRig({ stand });
    const ask = await asAdmin(rig);
    await ask({ cmd: 'SET', oid: '58', data: { capLevels: ['siteAdmin', 'adminUser'], uiRights: [] } });
    const { data } = (await ask({ cmd: 'GET 58', arrays: true, typed: true })) as { data: { DATA: Body } };
    expect(data.DATA).toMatchObject({
      OID: '58',
      capLevels: ['siteAdmin', 'adminUser'],
      uiRights: [],
      enabled: true,
      gui_theme_timer: 0,
      name: 'siteadmin1',
    });
    const email = await ask({ cmd: 'GET 58 . Email', arrays: 1 });
    expect(email).toMatchObject({ data: { DATA: { aliases: [], vacationOn: '0' } } });
    const all = await ask({ cmd: 'GETALL', oids: ['58'], arrays: true, props: ['capLevels', 'Disk.quota'] });
    expect(all).toMatchObject({ data: { objects: { 58: { OBJECT: { capLevels: ['siteAdmin', 'adminUser'] }, Disk: { quota: '20' } } } } });
    expect(await ask({ cmd: 'GET 58' })).toMatchObject({ data: { DATA: { capLevels: '&siteAdmin&adminUser&' } } });
    const who = await rig.login();
    const header = await rig.call({ ...who, cmd: 'GETOBJECT System' }, { headers: { 'x-cce-arrays': '1' } });
    expect(header.json).toMatchObject({ data: { DATA: { locales: ['en'] } } });
  });

  test('cce 17.135: SCHEMA tells the schema that counts', async () => {
    await using rig = await startJsonRig({ stand });
    const ask = await asAdmin(rig);
    const list = (await ask({ cmd: 'SCHEMA' })) as { data: { schema: Record<string, { version: string; namespaces: Body }> } };
    expect(Object.keys(list.data.schema)).toEqual([...rig.engine.schema.classes.keys()].sort());
    expect(list.data.schema.User).toMatchObject({ version: '1.0', namespaces: { Email: '1.1' } });
    const user = (await ask({ cmd: 'SCHEMA', class: 'User', namespace: 'Email' })) as { data: { schema: { properties: Body } } };
    const loaded = rig.engine.schema.classes.get('User')?.namespaces.get('Email')?.properties;
    expect(Object.keys(user.data.schema.properties)).toEqual([...(loaded?.keys() ?? [])].sort());
    expect(user.data.schema.properties.aliases).toMatchObject({ type: 'mail_alias', array: true, default: '', can_write: true });
    expect(await ask({ cmd: 'SCHEMA', class: 'Foo' })).toMatchObject({ status: 401, data: { errors: [{ code: 301 }, { code: 401 }] } });
    expect(await ask({ cmd: 'SCHEMA', class: 'User', namespace: 'x' })).toMatchObject({ data: { errors: [{ code: 303 }, { code: 401 }] } });
    const plain = await rig.login('user1');
    const { json } = await rig.call({ ...plain, cmd: 'SCHEMA', class: 'User' });
    expect(json).toMatchObject({
      data: { schema: { properties: { systemAdministrator: { can_write: false }, fullName: { can_write: 'object' } } } },
    });
  });

  test('a SET that expects another value changes nothing', async () => {
    await using rig = await startJsonRig({ stand });
    const ask = await asAdmin(rig);
    const set = (description: string, expected: string) =>
      ask({ cmd: 'SET', oid: '56', data: { description }, expect: { description: expected } });
    expect(await set('one', '')).toEqual({ status: 201, message: 'GOODBYE' });
    expect(await set('two', '')).toEqual({ status: 409, message: 'Present value differs', data: { differing: ['description'] } });
    expect(await ask({ cmd: 'GET 56' })).toMatchObject({ data: { DATA: { description: 'one' } } });
  });

  test('CREATE with namespaces makes all or nothing', async () => {
    await using rig = await startJsonRig({ stand });
    const ask = await asAdmin(rig);
    const user = { name: 'deep', fullName: 'Deep', password: 'a-long-password' };
    const before = await rig.snapshot();
    const bad = await ask({ cmd: 'CREATE', class: 'User', data: user, namespaces: { Disk: { quota: 'many' } } });
    expect(bad).toMatchObject({ status: 401, data: { errors: [{ code: 302 }, { code: 401 }] } });
    expect(await rig.snapshot()).toBe(before);
    const made = await ask({ cmd: 'CREATE', class: 'User', data: user, namespaces: { Disk: { quota: 50 }, Shell: { enabled: true } } });
    expect(made).toEqual({ status: 201, message: 'GOODBYE', data: { oid: '37', oidlist: ['37'] } });
    expect(await ask({ cmd: 'GET 37 . Disk' })).toMatchObject({ data: { DATA: { quota: '50' } } });
  });

  test('cce 17.137: a scoped secret stays in its scope, on every way to an object', async () => {
    await using rig = await startJsonRig({ stand });
    rig.gatekeeper.scope = {
      verbs: new Set(['GET', 'FIND', 'SET', 'GETALL', 'CREATE', 'NAMES', 'SCHEMA', 'CLASSES', 'EVENTS']),
      classes: new Set(['Vsite']),
    };
    const ask = await scoped(rig);
    await ask({ cmd: 'WHOAMI' });
    const before = await rig.snapshot();
    const outside: readonly object[] = [
      { cmd: 'DESTROY 34' },
      { cmd: 'FINDX', class: 'Vsite' },
      { cmd: 'ADMIN SUSPEND' },
      { cmd: 'GET 6' },
      { cmd: 'GET', oid: '6', namespace: 'Email' },
      { cmd: 'GET', oids: ['34', '6'] },
      { cmd: 'SET 56 description="x"' },
      { cmd: 'SET', oid: '56', data: { description: 'x' }, expect: { description: '' } },
      { cmd: 'FIND User' },
      { cmd: 'GETALL', oids: ['34', '56'] },
      { cmd: 'GETALL', class: 'User' },
      { cmd: 'CREATE', class: 'User', data: { name: 'x' } },
      { cmd: 'NAMES 6' },
      { cmd: 'NAMES User' },
      { cmd: 'SCHEMA', class: 'User' },
    ];
    for (const body of outside)
      expect(await ask(body), JSON.stringify(body)).toMatchObject({ http: 403, json: { status: 403, message: 'Forbidden' } });
    await ask({ cmd: 'BEGIN' });
    expect(await ask({ cmd: 'CREATE', class: 'User', data: { name: 'x' } })).toMatchObject({ http: 403 });
    expect(await ask({ cmd: 'SET 56 description="x"' })).toMatchObject({ http: 403 });
    expect((await ask({ cmd: 'SET 34 description="x"' })).json).toMatchObject({ status: 100 });
    expect((await ask({ cmd: 'COMMIT' })).json).toMatchObject({ status: 409 });
    expect(await rig.snapshot()).toBe(before);
    expect((await ask({ cmd: 'CLASSES' })).json).toMatchObject({ data: { classes: ['Vsite'] } });
    expect((await ask({ cmd: 'SCHEMA' })).json).toMatchObject({ data: { schema: { Vsite: {} } } });
    expect((await ask({ cmd: 'SET 34 maxusers="9"' })).json).toEqual({ status: 201, message: 'GOODBYE' });
    expect((await ask({ cmd: 'FIND Vsite' })).json).toMatchObject({ data: { oidlist: ['34'] } });
  });
});

test('cce 17.136: a rollback is told only when handlers had been started', async () => {
  await using rig = await startJsonRig({
    bindings: [{ file: 'test.conf', text: 'User.description native:refusing CLEANUP.rollback\nUser.description native:failing EXECUTE\n' }],
    handlers: { refusing: async () => 'SUCCESS', failing: async () => 'FAIL' },
  });
  const ask = await asAdmin(rig);
  expect(await ask({ cmd: 'SET 56 description="x"' })).toMatchObject({
    status: 401,
    data: { rollback: true, rollback_events: ['56..description'] },
  });
  const invalid = await ask({ cmd: 'SET 56 enabled="x"' });
  expect(invalid.data).not.toHaveProperty('rollback');
});

test('cce 17.138: a dry run validates and changes nothing', async () => {
  await using rig = await startJsonRig();
  const ask = await asAdmin(rig);
  const before = await rig.snapshot();
  expect(await ask({ cmd: 'SET 56 description="x"', dryrun: true })).toEqual({ status: 201, message: 'GOODBYE' });
  expect(await ask({ cmd: 'SET 56 enabled="x"', dryrun: true })).toMatchObject({
    status: 401,
    data: { errors: [{ code: 302 }, { code: 401 }] },
  });
  expect(await ask({ cmd: 'CREATE', class: 'mx2', data: { mapto: 'a.test' }, dryrun: true })).toEqual({ status: 201, message: 'GOODBYE' });
  expect(await ask({ cmd: 'CREATE', class: 'mx2', data: { mapto: 'a.test' }, namespaces: {}, dryrun: true })).toMatchObject({
    status: 201,
  });
  expect(await ask({ cmd: 'DESTROY 56', dryrun: true })).toMatchObject({ status: 201 });
  expect(await ask({ cmd: 'SET', oid: '56', data: { description: 'y' }, expect: { description: '' }, dryrun: true })).toMatchObject({
    status: 201,
  });
  expect(await rig.snapshot()).toBe(before);
});

test('a dry run is refused where it would change something', async () => {
  await using rig = await startJsonRig({ stand: socket });
  const ask = await asAdmin(rig);
  const before = await rig.snapshot();
  expect(await ask({ cmd: 'SET 56 description="x"', dryrun: true })).toEqual({ status: 501, message: 'The CCE backend knows no dry run' });
  expect(await rig.snapshot()).toBe(before);
});

test('writes tell their events, and errors the text behind their tag', async () => {
  await using rig = await startJsonRig();
  const ask = await asAdmin(rig);
  expect(await ask({ cmd: 'SET 56 description="x" sortName="y"', events: true })).toMatchObject({
    data: { events: ['56..description', '56..sortName'] },
  });
  expect(await ask({ cmd: 'SET 56 nosuch="x"', messages: true })).toMatchObject({
    data: { errors: [{ code: 302, text: 'There is no such property.' }, { code: 401 }] },
  });
});

test('a CREATE with an idempotency key is carried out once', async () => {
  await using rig = await startJsonRig();
  const who = await rig.login();
  const headers = { 'idempotency-key': 'order 1' };
  const create = (domain: string) => rig.call({ ...who, cmd: 'CREATE', class: 'mx2', data: { domain, mapto: 'b.test' } }, { headers });
  const first = await create('a.test');
  expect(first.json).toMatchObject({ data: { oid: '37' } });
  expect((await create('a.test')).text).toBe(first.text);
  expect((await create('c.test')).json).toMatchObject({ status: 409 });
  rig.clock.advance(10 * 60_000 + 1);
  expect((await create('a.test')).json).toMatchObject({ data: { oid: '38' } });
  const failing = { ...headers, 'idempotency-key': 'order 2' };
  const bad = { ...who, cmd: 'CREATE', class: 'mx2', data: { domain: '-' } };
  expect((await rig.call(bad, { headers: failing })).json).toMatchObject({ status: 401 });
  expect((await rig.call(bad, { headers: failing })).json).toMatchObject({ status: 401 });
});

test('what is read beside the commands', async () => {
  await using rig = await startJsonRig();
  const get = async (url: string, headers: Record<string, string> = {}) =>
    (await rig.app.inject({ method: 'GET', url, headers })).json() as Body;
  expect(await get('/v2/services')).toEqual({ file_count: 0, event_files: [] });
  const metrics = await get('/v2/metrics');
  expect(Object.keys(metrics)).toEqual(['shortload', 'shortmem', 'aggnet', 'shortdisk']);
  expect(metrics.shortload).toMatchObject([{ name: 'node_load1' }, { name: 'node_load5' }, { name: 'node_load15' }]);
  expect(metrics.shortmem).toContainEqual({ name: 'node_memory_MemTotal_bytes', value: expect.any(Number), labels: {} });
  expect(await get('/v2/health')).toEqual({ status: 'ok', backend: 'embedded', suspended: false, uptime: expect.any(Number) });
  expect(await get('/v2/schema?class=User&namespace=Disk')).toMatchObject({ data: { schema: { properties: { quota: { type: 'int' } } } } });
  const api = (await get('/v2/openapi.json')) as { components: { schemas: Record<string, { properties: Body }> } };
  expect(Object.keys(api.components.schemas)).toEqual(expect.arrayContaining(['Request', 'Answer', 'User', 'User.Email', 'System.Snmp']));
  expect(api.components.schemas['User.Disk']?.properties.quota).toMatchObject({ type: 'string', default: '-1', 'x-cce-type': 'int' });
  expect(await get('/v2/metrics', { 'x-test-remote': '198.51.100.7' })).toMatchObject({ status: 401 });
  expect(await get('/v2/health', { 'x-test-remote': '203.0.113.66' })).toEqual({ status: 403, message: 'Forbidden' });
});

test('cce 17.135: SCHEMA tells which handlers are bound, where the backend says so', async () => {
  const binding = 'User.Disk.quota exec:site/quota.sh VALIDATE\nUser._DESTROY perl:user/gone.pl CLEANUP.rollback\n';
  await using rig = await startJsonRig({ bindings: [{ file: 'own.conf', text: binding }] });
  const ask = await asAdmin(rig);
  const handlersOf = async (namespace: string) => {
    const { data } = (await ask({ cmd: 'SCHEMA', class: 'User', namespace })) as { data: { schema: { handlers?: Body[] } } };
    return data.schema.handlers;
  };
  expect(await handlersOf('Disk')).toContainEqual({ event: 'quota', type: 'exec', path: 'site/quota.sh', stage: 'VALIDATE' });
  const own = await handlersOf('');
  expect(own).toContainEqual({ event: '_DESTROY', type: 'perl', path: 'user/gone.pl', stage: 'CLEANUP', rollback: true });
  expect(own).toHaveLength(rig.engine.bindings.filter((one) => one.class === 'User' && one.namespace === '').length);
  expect(await handlersOf('Shell')).toEqual([]);

  await using other = await startJsonRig({ stand: socket });
  expect(await (await asAdmin(other))({ cmd: 'SCHEMA', class: 'User' })).not.toHaveProperty('data.schema.handlers');
});
