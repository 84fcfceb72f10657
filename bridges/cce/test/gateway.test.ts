import { execFile } from 'node:child_process';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEMO_PASSWORD } from '@fairlead/engine-cce/fixtures';
import { TurnableClock } from '@fairlead/testkit/clock';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { REMOTE, type Sent, startGateway, type TestGateway } from './support/gateway.ts';

const run = promisify(execFile);

const FORBIDDEN = { http: 403, json: { status: 403, message: 'Forbidden' } };
const BAD_SECRET = { http: 401, json: { status: 401, message: 'Unauthorized: invalid client secret' } };
const BAD_TOKEN = { http: 401, json: { status: 401, message: 'Invalid or expired token' } };
const BANNED = { http: 429, json: { status: 429, message: 'Too many authentication attempts' } };

function accessPath(gateway: TestGateway): string {
  return join(gateway.stateDir, 'cce/access');
}

async function secretOf(gateway: TestGateway, entry = REMOTE): Promise<string> {
  const lines = (await readFile(accessPath(gateway), 'utf8')).split('\n');
  return lines.find((line) => line.startsWith(`${entry}:`))?.slice(entry.length + 1) ?? '';
}

/** LOGIN from the listed address, or another one. */
async function login(gateway: TestGateway, { from = REMOTE, entry = from }: { from?: string; entry?: string } = {}) {
  const sent: Sent = { from, secret: await secretOf(gateway, entry) };
  const { json } = await gateway.post({ cmd: 'LOGIN' }, sent);
  const token = (json.data as { token?: string } | undefined)?.token ?? '';
  const call = (body: object, more: Sent = {}) => gateway.post({ ...body, token }, { ...sent, ...more });
  return { token, sent, call, whoami: (more: Sent = {}) => call({ cmd: 'WHOAMI' }, more) };
}

const GOOD = { http: 200, json: { status: 201, data: { oid: '60' } } };

test('cce 17.106, 17.107, 17.108: who may call, with which secret, and who logs in how', async () => {
  await using gateway = await startGateway();
  const secret = await secretOf(gateway);
  for (const cmd of ['PING', 'LOGIN', 'WHOAMI', 'AUTH', 'GET 1', 'NONSENSE', 'ERRORS']) {
    expect(await gateway.post({ cmd }, { from: '198.51.100.1', secret })).toMatchObject(FORBIDDEN);
  }
  expect(await gateway.post('no json at all', { from: '198.51.100.1', secret })).toMatchObject(FORBIDDEN);

  for (const body of [{ cmd: 'LOGIN' }, { cmd: 'WHOAMI' }, { cmd: 'GET 1', token: 'x' }]) {
    expect(await gateway.post(body, { from: REMOTE, secret: `${secret}x` })).toMatchObject(BAD_SECRET);
  }

  const local = { http: 403, json: { message: 'LOGIN not allowed from localhost' } };
  expect(await gateway.post({ cmd: 'LOGIN' }, { secret })).toMatchObject(local);
  const remote = { http: 403, json: { message: 'AUTH and AUTHKEY only allowed from localhost' } };
  for (const cmd of ['AUTH', ' auth ', 'AUTH "a" "b"', '\tauthkey "a" "b"', 'AUTHKEY', 'Auth,"a" "b"']) {
    expect(await gateway.post({ cmd, user: 'admin', password: DEMO_PASSWORD }, { from: REMOTE, secret })).toMatchObject(remote);
  }
});

test('a token acts as api-admin, needs the secret with it, and nothing else lets another machine in', async () => {
  await using gateway = await startGateway();
  const { token, call, sent, whoami } = await login(gateway);
  expect(token).toMatch(/^[A-Za-z0-9]{64}$/);

  expect(await whoami()).toMatchObject(GOOD);
  expect(await call({ cmd: 'SET 56 description="from afar"', user: 'admin', password: 'ignored' })).toMatchObject({
    http: 200,
    json: { status: 201 },
  });
  expect(await call({ cmd: 'WHOAMI' }, { secret: undefined })).toMatchObject(BAD_SECRET);
  expect(await gateway.post({ cmd: 'WHOAMI' }, sent)).toMatchObject(BAD_TOKEN);
  expect(await gateway.post({ cmd: 'WHOAMI', user: 'admin', password: DEMO_PASSWORD }, sent)).toMatchObject(FORBIDDEN);
  expect(await gateway.post({ cmd: 'WHOAMI', user: 'admin', sessionid: 'x' }, sent)).toMatchObject(FORBIDDEN);
  expect(await gateway.post({ cmd: 'WHOAMI', token })).toMatchObject(BAD_TOKEN);
  const [row] = await gateway.audit.find({ object: '56', limit: 10 });
  expect(row).toMatchObject({ actor: 'api-admin', action: 'object.modify', address: REMOTE, detail: { class: 'User' } });
});

test('cce 17.109: X-Real-IP counts from a trusted proxy only, and what it says has to be an address', async () => {
  await using proxied = await startGateway();
  const sent = { from: REMOTE, secret: await secretOf(proxied) };
  for (const from of ['127.0.0.1.', 'localhost', '127.0.0.1, 127.0.0.1', '<script>', '203.0.113.7 x', '']) {
    expect(await proxied.post({ cmd: 'PING' }, { from })).toMatchObject(FORBIDDEN);
  }
  const forged = { ...sent, from: '127.0.0.1', headers: { 'x-forwarded-for': '198.51.100.1' } };
  expect(await proxied.post({ cmd: 'WHOAMI' }, forged)).toMatchObject(FORBIDDEN);

  await using direct = await startGateway({ keys: 'trusted_proxies = 192.0.2.1' });
  const local = { http: 200, json: { data: { oid: '-1' } } };
  expect(await direct.post({ cmd: 'WHOAMI' }, sent)).toMatchObject(local);
});

test('cce 17.110: a token holds for the address that asked for it', async () => {
  await using gateway = await startGateway({ keys: 'api_access = 203.0.113.0/24, 198.51.100.9' });
  const { whoami } = await login(gateway, { from: '203.0.113.7', entry: '203.0.113.0/24' });

  expect(await whoami()).toMatchObject(GOOD);
  expect(await whoami({ from: '203.0.113.8' })).toMatchObject(BAD_TOKEN);
  expect(await whoami({ from: '198.51.100.9', secret: await secretOf(gateway, '198.51.100.9') })).toMatchObject(BAD_TOKEN);
});

test('cce 17.111: a token ends with its time, with BYE and ENDKEY, with its secret, and with its entry', async () => {
  const clock = new TurnableClock();
  const keys = 'token_lifetime = 300\napi_auth_fails = 100';
  await using gateway = await startGateway({ clock, keys });

  for (const cmd of ['BYE', 'ENDKEY']) {
    const ended = await login(gateway);
    expect(await ended.call({ cmd })).toMatchObject({ http: 200, json: { status: 201, message: 'GOODBYE' } });
    expect(await ended.whoami()).toMatchObject(BAD_TOKEN);
  }

  const late = await login(gateway);
  clock.advance(200_000);
  expect(await late.whoami()).toMatchObject(GOOD);
  clock.advance(101_000);
  expect(await late.whoami()).toMatchObject(BAD_TOKEN);

  const edited = await login(gateway);
  await writeFile(accessPath(gateway), `# by hand\n${REMOTE}/32:another-secret-of-this-entry\n`);
  expect(await edited.whoami()).toMatchObject(BAD_SECRET);
  expect(await edited.whoami({ secret: 'another-secret-of-this-entry' })).toMatchObject(BAD_TOKEN);

  const removed = await login(gateway, { entry: `${REMOTE}/32` });
  expect(await removed.whoami()).toMatchObject(GOOD);
  await gateway.reload(`${keys}\napi_access = 198.51.100.9`);
  expect(await removed.whoami()).toMatchObject(FORBIDDEN);
  expect(await readFile(accessPath(gateway), 'utf8')).toMatch(/^# by hand\n198\.51\.100\.9:[A-Za-z0-9]{32}\n$/);
  await gateway.reload(keys);
  expect(await removed.whoami({ secret: await secretOf(gateway) })).toMatchObject(BAD_TOKEN);
});

test('a reload ends no token that may stay, and one of them outlives a restart with a new password of api-admin', async () => {
  await using folder = await tempDir('cce-');
  const first = await startGateway({ stateDir: folder.path });
  const { token, sent, whoami } = await login(first);
  await first.reload('');
  expect(await whoami()).toMatchObject(GOOD);
  const before = await readFile(join(folder.path, 'cce/api-admin.passwd'));
  await first[Symbol.asyncDispose]();

  await using second = await startGateway({ stateDir: folder.path });
  expect(await second.post({ cmd: 'WHOAMI', token }, sent)).toMatchObject(GOOD);
  expect(await readFile(join(folder.path, 'cce/api-admin.passwd'))).not.toEqual(before);
});

test('cce 17.112: failures ban an address for a time, and a success forgets them', async () => {
  const clock = new TurnableClock();
  await using gateway = await startGateway({
    clock,
    keys: 'api_auth_fails = 3\napi_ban_time = 60\napi_access = 203.0.113.7, 2001:db8::/32',
  });
  const secret = await secretOf(gateway);
  const wrong = (from: string) => gateway.post({ cmd: 'LOGIN' }, { from, secret: 'wrong-wrong-wrong-wrong' });
  for (let round = 0; round < 2; round++) expect(await wrong(REMOTE)).toMatchObject(BAD_SECRET);
  expect(await gateway.post({ cmd: 'LOGIN' }, { from: REMOTE, secret })).toMatchObject({ http: 200 });
  for (let round = 0; round < 3; round++) expect(await wrong(REMOTE)).toMatchObject(BAD_SECRET);

  const banned = await gateway.post({ cmd: 'LOGIN' }, { from: REMOTE, secret });
  expect(banned).toMatchObject(BANNED);
  expect(Number(banned.headers['retry-after'])).toBeGreaterThan(55);
  expect(Number(banned.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(await gateway.post({ cmd: 'PING' })).toMatchObject({ http: 202 });
  clock.advance(61_000);
  expect(await gateway.post({ cmd: 'LOGIN' }, { from: REMOTE, secret })).toMatchObject({ http: 200 });

  for (const last of ['1', '2', '3']) expect(await wrong(`2001:db8:0:1::${last}`)).toMatchObject(BAD_SECRET);
  expect(await wrong('2001:db8:0:1:ffff::9')).toMatchObject(BANNED);
  expect(await wrong('2001:db8:0:2::1')).toMatchObject(BAD_SECRET);
});

test('cce 17.112: this machine is never banned, a name on it is', async () => {
  const clock = new TurnableClock();
  await using gateway = await startGateway({ clock, keys: 'api_auth_fails = 3\napi_ban_time = 60' });
  const auth = (user: string, password: string) => gateway.post({ cmd: 'AUTH', user, password });
  for (let round = 0; round < 3; round++)
    expect(await auth('admin', 'wrong')).toMatchObject({ http: 401, json: { status: 401, message: 'GOODBYE' } });

  expect(await auth('admin', DEMO_PASSWORD)).toMatchObject(BANNED);
  expect(await gateway.post({ cmd: `AUTH "admin" "${DEMO_PASSWORD}"` })).toMatchObject(BANNED);
  expect(await gateway.post({ cmd: 'WHOAMI', user: 'admin', password: DEMO_PASSWORD })).toMatchObject(BANNED);
  expect(await gateway.post({ cmd: 'WHOAMI' })).toMatchObject({ http: 200 });
  expect(await auth('someone', 'wrong')).toMatchObject({ http: 401 });
  clock.advance(61_000);
  expect(await auth('admin', DEMO_PASSWORD)).toMatchObject({ http: 200 });
  const rows = await gateway.audit.find({ limit: 100 });
  const told = rows.filter((row) => row.actor === 'admin').map((row) => `${row.action} ${row.outcome} ${row.address}`);
  expect(told.sort()).toEqual(['login ok 127.0.0.1', 'login refused 127.0.0.1', 'login refused 127.0.0.1', 'login.ban refused 127.0.0.1']);
});

test('a token that is late counts once, one that never was counts each time', async () => {
  await using gateway = await startGateway({ keys: 'api_auth_fails = 3' });
  const { call, whoami, sent } = await login(gateway);
  await call({ cmd: 'BYE' });
  for (let round = 0; round < 5; round++) expect(await whoami()).toMatchObject(BAD_TOKEN);

  const guess = (last: string) => gateway.post({ cmd: 'WHOAMI', token: last.padStart(64, 'x') }, sent);
  expect(await guess('1')).toMatchObject(BAD_TOKEN);
  expect(await guess('2')).toMatchObject(BAD_TOKEN);
  expect(await guess('3')).toMatchObject(BANNED);
});

test('of many wrong passwords at once only a few are tried, and others are answered meanwhile', async () => {
  await using gateway = await startGateway({ keys: 'api_auth_fails = 2' });
  const attempts = Array.from({ length: 200 }, (_, index) => gateway.post({ cmd: 'AUTH', user: 'admin', password: `wrong ${index}` }));
  expect(await gateway.post({ cmd: 'WHOAMI' })).toMatchObject({ http: 200 });
  const codes = (await Promise.all(attempts)).map((one) => one.http);

  expect(codes.filter((code) => code === 401).length).toBeLessThanOrEqual(10);
  expect(codes.filter((code) => code === 401 || code === 429)).toHaveLength(200);
});

test('cce 17.113: networks, the narrowest of them, IPv6, and IPv4 in IPv6', async () => {
  await using gateway = await startGateway({ keys: 'api_access = 203.0.113.0/24, 203.0.113.7/32, 2001:db8::5/32, nonsense, 0.0.0.0/0' });
  const wide = await secretOf(gateway, '203.0.113.0/24');
  const narrow = await secretOf(gateway, '203.0.113.7');
  const six = await secretOf(gateway, '2001:db8::/32');
  const tries = (from: string, secret: string) => gateway.post({ cmd: 'LOGIN' }, { from, secret });

  expect([wide, narrow, six].map((one) => /^[A-Za-z0-9]{32}$/.test(one))).toEqual([true, true, true]);
  expect(await tries('203.0.113.8', wide)).toMatchObject({ http: 200 });
  expect(await tries('203.0.113.7', narrow)).toMatchObject({ http: 200 });
  expect(await tries('203.0.113.7', wide)).toMatchObject(BAD_SECRET);
  expect(await tries('::ffff:203.0.113.7', narrow)).toMatchObject({ http: 200 });
  expect(await tries('2001:db8:1::9', six)).toMatchObject({ http: 200 });
  expect(await tries('198.51.100.1', wide)).toMatchObject(FORBIDDEN);
});

test('cce 17.114: the file access is for its owner, keeps secrets, and loses what is no longer listed', async () => {
  await using folder = await tempDir('cce-');
  await using gateway = await startGateway({ stateDir: folder.path });
  const secret = await secretOf(gateway);
  expect((await stat(accessPath(gateway))).mode & 0o777).toBe(0o600);

  await gateway.reload(`api_access = ${REMOTE}, 198.51.100.9`);
  expect(await secretOf(gateway)).toBe(secret);
  await gateway.reload('api_access = 198.51.100.9\nkeep_revoked = true');
  const text = await readFile(accessPath(gateway), 'utf8');
  expect(text).toMatch(new RegExp(`^# revoked \\d{4}-\\d\\d-\\d\\d ${REMOTE}:${secret}\n198\\.51\\.100\\.9:`));
  expect((await stat(accessPath(gateway))).mode & 0o777).toBe(0o600);
  await utimes(accessPath(gateway), 1, 1);
  const after = { from: '198.51.100.9', secret: await secretOf(gateway, '198.51.100.9') };
  expect(await gateway.post({ cmd: 'LOGIN' }, after)).toMatchObject({ http: 200 });
});

test('cce 17.115: openssl reads the password of api-admin, which another program may log in with where that is allowed', async () => {
  await using gateway = await startGateway({ keys: 'allow_apiadmin_auth = true' });
  const place = (name: string) => join(gateway.stateDir, 'cce', name);
  const { stdout } = await run('openssl', [
    'enc',
    '-d',
    '-aes-256-cbc',
    '-pbkdf2',
    '-in',
    place('api-admin.passwd'),
    '-pass',
    `file:${place('master.key')}`,
  ]);

  expect(stdout).toMatch(/^[A-Za-z0-9]{24}$/);
  expect(await gateway.post({ cmd: 'AUTH', user: 'api-admin', password: stdout })).toMatchObject({ http: 200, json: { status: 201 } });
  for (const name of ['api-admin.passwd', 'master.key']) expect((await stat(place(name))).mode & 0o777).toBe(0o600);

  await using strict = await startGateway({ stateDir: gateway.stateDir, keys: 'listen_address = 127.0.0.1:0' });
  const auth = { cmd: 'AUTH', user: 'api-admin', password: stdout };
  expect(await strict.post(auth)).toMatchObject({ http: 401, json: { status: 401, data: { errors: [{ code: 401, message: 'FAIL' }] } } });
});

test('api-admin stays while the API runs, and his password is read by nobody', async () => {
  await using gateway = await startGateway();
  const { call } = await login(gateway);

  expect(await call({ cmd: 'DESTROY', oid: '60' })).toMatchObject({ http: 401, json: { status: 401 } });
  expect(await call({ cmd: 'WHOAMI' })).toMatchObject(GOOD);
  const { json } = await call({ cmd: 'GET', oid: '60' });
  const values = (json.data as { DATA: Record<string, string> }).DATA;
  expect(values).toMatchObject({ name: 'api-admin', fullName: expect.any(String), systemAdministrator: '1' });
  expect(values.password ?? '').toBe('');
});

test('cce 17.116: no password, secret, token or session id stands in the log', async () => {
  await using gateway = await startGateway({ keys: 'debuglog = true' });
  const { token, sent, call } = await login(gateway);
  const { json } = await gateway.post({ cmd: 'AUTH', user: 'admin', password: DEMO_PASSWORD });
  const { sessionid } = json.data as { sessionid: string };
  await call({ cmd: 'SET 56 password="hush-4711-raw"' });
  await call({ cmd: 'CREATE', class: 'User', data: { name: 'carol', password: 'hush-4711-create', site: 'site1' } });
  await gateway.post({ cmd: 'BEGIN', user: 'admin', sessionid });
  await gateway.post({ cmd: 'SET 58 password="hush-4711-queued"', user: 'admin', sessionid });
  await gateway.post({ cmd: 'COMMIT', user: 'admin', sessionid });
  await gateway.post({ cmd: 'AUTH', user: 'admin', password: 'hush-4711-wrong' });
  await gateway.post({ cmd: 'WHOAMI', user: 'admin\nforged line', sessionid: 'hush-4711-session' });
  await call({ cmd: 'BYE' });
  const text = gateway.captured.text();
  const rows = JSON.stringify(await gateway.audit.find({ limit: 1000 }));

  for (const hidden of ['hush-4711', token, sent.secret ?? 'x', sessionid, DEMO_PASSWORD]) {
    expect(text).not.toContain(hidden);
    expect(rows).not.toContain(hidden);
  }
  expect(text).toContain(`TOKEN ISSUED ${token.slice(0, 6)}...`);
  expect(text).toContain('xxx');
});

test('cce 17.118: two hundred callers at once each see their own', async () => {
  await using gateway = await startGateway();
  const { json } = await gateway.post({ cmd: 'AUTH', user: 'admin', password: DEMO_PASSWORD });
  const { sessionid } = json.data as { sessionid: string };
  const { whoami } = await login(gateway);
  const callers: readonly { readonly oid: string; readonly ask: () => ReturnType<typeof whoami> }[] = [
    { oid: '6', ask: () => gateway.post({ cmd: 'WHOAMI', user: 'admin', sessionid }) },
    { oid: '60', ask: () => whoami() },
    { oid: '-1', ask: () => gateway.post({ cmd: 'WHOAMI' }) },
    { oid: '6', ask: () => gateway.post({ cmd: 'WHOAMI', user: 'admin', password: DEMO_PASSWORD }) },
  ];
  const all = Array.from({ length: 50 }, () => callers).flat();
  const seen = await Promise.all(all.map(async ({ ask }) => (await ask()).json.data));

  expect(seen).toEqual(all.map(({ oid }) => ({ oid })));
});

test('cce 17.137: a limited secret cannot do more than it says, and ends when it says', async () => {
  const clock = new TurnableClock();
  await using gateway = await startGateway({ clock, keys: 'api_auth_fails = 100' });
  const expires = new Date(clock.now() + 3_600_000).toISOString();
  await writeFile(accessPath(gateway), `${REMOTE}:limited-secret-of-58:user=u58:verbs=GET,SET,FIND:classes=User:expires=${expires}\n`);
  const secret = 'limited-secret-of-58';
  const names = await gateway.post({ cmd: 'GET', oid: '58' });
  const user = (names.json.data as { DATA: { name: string } }).DATA.name;
  await writeFile(accessPath(gateway), `${REMOTE}:${secret}:user=${user}:verbs=GET,SET,FIND:classes=User:expires=${expires}\n`);
  const { json } = await gateway.post({ cmd: 'LOGIN' }, { from: REMOTE, secret });
  const { token } = json.data as { token: string };
  const call = (body: object) => gateway.post({ ...body, token }, { from: REMOTE, secret });

  expect(await call({ cmd: 'SET 58 description="mine"' })).toMatchObject({ http: 200 });
  expect(await call({ cmd: 'GET 58' })).toMatchObject({ http: 200 });
  for (const cmd of ['DESTROY 58', 'CREATE User name="x"', 'ADMIN SUSPEND', 'CLASSES', 'GETALL 58']) {
    expect(await call({ cmd })).toMatchObject(FORBIDDEN);
  }
  // What a client needs beside the verbs that were named.
  expect(await call({ cmd: 'WHOAMI' })).toMatchObject({ json: { data: { oid: '58' } } });
  expect(await call({ cmd: 'BEGIN' })).toMatchObject({ json: { message: 'BEGIN OK' } });
  expect(await call({ cmd: 'DESTROY 58' })).toMatchObject(FORBIDDEN);
  expect(await call({ cmd: 'SET 58 description="again"' })).toMatchObject({ json: { message: 'QUEUED' } });
  expect(await call({ cmd: 'COMMIT' })).toMatchObject({ json: { message: 'COMMIT successful' } });
  for (const cmd of ['GET 34', 'GET 1', 'SET 34 maxusers="1"', 'FIND Vsite']) expect(await call({ cmd })).toMatchObject(FORBIDDEN);
  expect(await call({ cmd: 'SET 6 fullName="taken over"' })).toMatchObject({ http: 401, json: { status: 401 } });
  clock.advance(3_600_001);
  expect(await gateway.post({ cmd: 'LOGIN' }, { from: REMOTE, secret })).toMatchObject(BAD_SECRET);
});

test('companions are free here, and from elsewhere for a token or a session', async () => {
  await using gateway = await startGateway();
  const { token, sent } = await login(gateway);
  const { json } = await gateway.post({ cmd: 'AUTH', user: 'admin', password: DEMO_PASSWORD });
  const { sessionid } = json.data as { sessionid: string };
  const read = (headers: Record<string, string>, from = REMOTE) => gateway.get('/v2/services', { from, headers });

  expect(await gateway.get('/v2/services')).toMatchObject({ http: 200 });
  expect(await read({ 'x-token': token })).toMatchObject({ http: 200 });
  expect(await read({ 'x-user': 'admin', 'x-session': sessionid }, '198.51.100.1')).toMatchObject({ http: 200 });
  expect(await read({})).toMatchObject(BAD_TOKEN);
  expect(await read({ 'x-user': 'admin', 'x-session': 'x' })).toMatchObject(BAD_TOKEN);
  expect(await read({ 'x-token': token }, '198.51.100.1')).toMatchObject(FORBIDDEN);
  expect(sent.from).toBe(REMOTE);
});

test('health says how the backend is, and the numbers stand on the page', async () => {
  await using gateway = await startGateway();
  await login(gateway);

  expect(await gateway.running.health(AbortSignal.timeout(5000))).toMatchObject({ ok: true, facts: { login: 'api-admin is ready' } });
  const { text } = await gateway.metrics.page();
  expect(text).toContain('fairlead_cce_tokens 1');
  expect(text).toContain('fairlead_cce_requests_total{verb="LOGIN",status="201"} 1');
});
