import { describe, expect, test } from 'vitest';
import { startJsonRig } from './support/json-rig.ts';
import { STANDS } from './support/stands.ts';

const FAILED = { status: 401, message: 'GOODBYE', data: { errors: [{ code: 401, message: 'FAIL' }] } };
const LINE_BREAKS = { status: 400, message: 'Invalid command: line breaks are not allowed' };

describe.each(STANDS)('hostile requests over $name', (stand) => {
  test('cce 17.99: no text of a caller becomes a command of its own', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const before = await rig.snapshot();
    const evil = '\nSET 56 description="hacked"\nBYE';
    const quoted = '" description="hacked" x="';
    const breaks = [`GET 6${evil}`, `SET 56 sortName=a\r\ndescription="hacked"`, `FIND User name="user1"${evil}`, `WHOAMI${evil}`];
    for (const cmd of breaks) expect((await rig.call({ ...who, cmd })).json, cmd).toEqual(LINE_BREAKS);
    const bodies: readonly object[] = [
      { cmd: 'GET', oid: `6${evil}` },
      { cmd: 'GET', oid: '6', namespace: `Disk${evil}` },
      { cmd: 'SET', oid: `56${quoted}`, data: { sortName: 'x' } },
      { cmd: 'SET', oid: '56', data: { [`sortName="x"${evil}`]: 'x' } },
      { cmd: 'SET', oid: '56', namespace: `.${quoted}`, data: { a: 'b' } },
      { cmd: 'CREATE', class: `User${evil}`, data: {} },
      { cmd: 'FIND', class: `User${evil}` },
      { cmd: 'FIND', class: 'User', args: { [`name${quoted}`]: 'x' } },
      { cmd: 'FINDX', class: 'User', sorttype: `ascii${quoted}`, sortprop: 'name' },
      { cmd: 'NAMES', oid: `User${evil}` },
      { cmd: 'DESTROY', oid: `56 ${quoted}` },
    ];
    for (const body of bodies) {
      const reply = await rig.call({ ...who, ...body });
      expect([reply.http, reply.json.status], JSON.stringify(body)).toEqual([400, 403]);
    }
    const strangers: readonly object[] = [
      { user: `admin${evil}`, sessionid: who.sessionid },
      { user: `admin" "${who.sessionid}`, sessionid: 'x' },
      { user: 'admin', sessionid: `${who.sessionid}${evil}` },
      { user: 'admin', password: `x${evil}` },
    ];
    for (const stranger of strangers) {
      expect((await rig.call({ ...stranger, cmd: 'SET', oid: '56', data: { sortName: 'x' } })).json).toEqual(FAILED);
    }
    expect(await rig.snapshot()).toBe(before);
  });

  test('an answer that is kept for a key is told to its user alone', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const headers = { 'idempotency-key': 'one' };
    const create = { cmd: 'CREATE', class: 'mx2', data: { mapto: 'a.test' } };
    const first = await rig.call({ ...who, ...create }, { headers });
    expect(first.json).toMatchObject({ status: 201 });
    expect((await rig.call({ ...create, user: 'admin', sessionid: 'x'.repeat(63) }, { headers })).json).toEqual(FAILED);
    expect((await rig.call({ ...create, user: 'admin', password: 'wrong' }, { headers })).json).toEqual(FAILED);
    expect((await rig.call({ ...who, ...create }, { headers })).text).toBe(first.text);
  });

  test('a dry run of a command that knows none does nothing', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const before = await rig.snapshot();
    await rig.call({ ...who, cmd: 'BEGIN' });
    await rig.call({ ...who, cmd: 'SET 56 description="x"' });
    for (const cmd of ['COMMIT', 'SUSPEND', 'ADMIN SUSPEND "x"']) {
      expect((await rig.call({ ...who, cmd, dryrun: true })).json, cmd).toMatchObject({ status: 403 });
    }
    expect(await rig.snapshot()).toBe(before);
    expect((await rig.call({ ...who, cmd: 'SUSPENDED' })).json).toEqual({ status: 201, message: 'GOODBYE' });
    expect((await rig.call({ ...who, cmd: 'COMMIT' })).json).toMatchObject({ status: 201, data: { results: [{ index: 0 }] } });
  });

  test('cce 17.105: with credentials that do not hold nothing is carried out', async () => {
    await using rig = await startJsonRig({ stand });
    const before = await rig.snapshot();
    const expired = { user: 'admin', sessionid: 'x'.repeat(63) };
    const commands: readonly object[] = [
      { cmd: 'SET 56 description="x"' },
      { cmd: 'CREATE', class: 'mx2', data: { mapto: 'a.test' } },
      { cmd: 'CREATE', class: 'User', data: { name: 'z' }, namespaces: { Disk: { quota: 1 } } },
      { cmd: 'DESTROY 56' },
      { cmd: 'ADMIN SUSPEND' },
      { cmd: 'GET 1' },
      { cmd: 'GET', oids: ['1'] },
      { cmd: 'FIND Vsite' },
      { cmd: 'GETOBJECT System' },
      { cmd: 'NAMES 6' },
      { cmd: 'CLASSES' },
      { cmd: 'BYE' },
      { cmd: 'BEGIN' },
      { cmd: 'SUSPENDED' },
      { cmd: 'SCHEMA' },
      { cmd: 'VERSION' },
    ];
    for (const credentials of [expired, { user: 'admin', password: 'wrong' }, { sessionid: expired.sessionid }]) {
      for (const command of commands) {
        const reply = await rig.call({ ...credentials, ...command });
        expect([reply.http, reply.json], JSON.stringify(command)).toEqual([401, FAILED]);
      }
    }
    expect(await rig.snapshot()).toBe(before);
    expect(rig.gatekeeper.failures.length).toBeGreaterThan(commands.length);
    expect((await rig.call({ cmd: 'GETOBJECT System' })).json).toMatchObject({ data: { DATA: { hostname: 'www' } } });
    expect((await rig.call({ cmd: 'SET 1 hostname="x"' })).json).toMatchObject({ status: 401 });
  });
});

test('cce 17.102: what is no request is refused as such', async () => {
  await using rig = await startJsonRig({ settings: { maxBody: 5000 } });
  const deep = `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`;
  const cases: readonly (readonly [string, number, string])[] = [
    ['', 400, 'Invalid request body'],
    ['nonsense', 400, 'Invalid request body'],
    ['[]', 400, 'Invalid request body'],
    ['"GET 6"', 400, 'Invalid request body'],
    ['{"cmd":"PING"} x', 400, 'Invalid request body'],
    [deep, 400, 'Invalid request body'],
    ['{}', 400, 'Missing command'],
    ['{"cmd":""}', 400, 'Missing command'],
    ['{"cmd":null}', 400, 'Missing command'],
    ['{"cmd":{"a":1}}', 400, "Invalid value for 'cmd'"],
    ['{"cmd":"GET","oid":"6\\u0000"}', 400, "Invalid value for 'oid'"],
    ['{"cmd":"ERRORS"}', 400, 'Invalid command: ERRORS is not supported'],
    [JSON.stringify({ cmd: 'PING', x: 'y'.repeat(6000) }), 413, 'Request body too large'],
  ];
  for (const [body, status, message] of cases) {
    const reply = await rig.call(body);
    expect([reply.http, reply.json], body.slice(0, 50)).toEqual([status, { status, message }]);
  }
  expect((await rig.call('\uFEFF{"cmd":"FLY","cmd":"PING"}\n ')).json.message).toBe('PONG');
  expect((await rig.call({ cmd: 'SET 5 a=b-c' })).json).toEqual({
    status: 402,
    message: 'GOODBYE',
    data: {
      errors: [
        { code: 306, message: 'ERROR COMMAND PARSE ERROR' },
        { code: 402, message: 'BAD COMMAND' },
      ],
    },
  });
});

test('refusals are plain text for those who prefer it, or always when the configuration says so', async () => {
  await using rig = await startJsonRig();
  const plain = await rig.call('{}', { headers: { accept: 'text/plain' } });
  expect([plain.text, plain.headers['content-type']]).toEqual(['Missing command\n', 'text/plain; charset=utf-8']);
  expect((await rig.call('{}', { headers: { accept: '*/*' } })).json.message).toBe('Missing command');
  await using text = await startJsonRig({ settings: { errorFormat: 'text' } });
  expect((await text.call('{}')).text).toBe('Missing command\n');
});

test('other paths and methods are refused, and a browser is sent where the configuration says', async () => {
  await using rig = await startJsonRig();
  const get = await rig.app.inject({ method: 'GET', url: '/v2/cce' });
  expect([get.statusCode, get.headers.allow, get.json()]).toEqual([405, 'POST', { status: 405, message: 'Method not allowed' }]);
  expect((await rig.app.inject({ method: 'DELETE', url: '/v2/cce' })).statusCode).toBe(405);
  expect((await rig.app.inject({ method: 'POST', url: '/v2/metrics', payload: '{}' })).headers.allow).toBe('GET');
  const none = await rig.app.inject({ method: 'GET', url: '/v3' });
  expect([none.statusCode, none.json()]).toEqual([404, { status: 404, message: 'Not found' }]);
  await using redirecting = await startJsonRig({ settings: { loginRedirect: 'https://www.example.test:81/login' } });
  const sent = await redirecting.app.inject({ method: 'GET', url: '/v2/cce' });
  expect([sent.statusCode, sent.headers.location]).toEqual([302, 'https://www.example.test:81/login']);
});

test('what is secret stands in no line of the log, in whatever form it came', async () => {
  await using rig = await startJsonRig();
  const who = await rig.login();
  const canary = 'Canary-4711-x';
  const bodies: readonly object[] = [
    { cmd: 'AUTH', user: 'admin', password: canary },
    { cmd: `AUTH "admin" "${canary}"` },
    { cmd: `SET 56 password="${canary}"` },
    { cmd: 'SET', oid: '56', data: { password: canary } },
    { cmd: 'CREATE', class: 'User', data: { name: 'newone', password: canary, fullName: 'x' } },
    { cmd: `FIND User password="${canary}"` },
    { cmd: 'FINDX', class: 'User', regex_args: { crypt_password: canary } },
    { cmd: 'BEGIN' },
    { cmd: `SET 56 password="${canary}"` },
    { cmd: 'COMMIT' },
    { cmd: `WHOAMI ${canary}`, password: canary },
    { cmd: `${canary.replaceAll(/\W/g, '')}\u001b[31m` },
  ];
  for (const body of bodies) {
    const reply = await rig.call({ ...who, ...body });
    if ('cmd' in body && body.cmd === 'COMMIT') expect(reply.text).not.toContain(canary);
  }
  expect(rig.log.text()).not.toContain(canary);
  expect(rig.log.text()).not.toContain(who.sessionid);
  expect(rig.log.text()).not.toContain('\u001b');
  const line = rig.log.lines().find(({ verb }) => verb === 'SET');
  expect(line?.msg).toMatch(/^\[IP: 127\.0\.0\.1\] \[User: admin\] CMD: "SET 56 password = "xxx"" => 201 GOODBYE \(took \d+ms\)$/);
  expect(rig.observed.at(-1)).toMatchObject({ verb: 'other', status: 402 });
});
