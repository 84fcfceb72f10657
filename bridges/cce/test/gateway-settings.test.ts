import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_PASSWORD } from '@fairlead/engine-cce/fixtures';
import { TurnableClock } from '@fairlead/testkit/clock';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { REMOTE, startGateway, type TestGateway } from './support/gateway.ts';

const ADMIN = { user: 'admin', password: DEMO_PASSWORD };

async function sessionOf(gateway: TestGateway): Promise<{ user: string; sessionid: string }> {
  const { json } = await gateway.post({ cmd: 'AUTH', ...ADMIN });
  return { user: 'admin', ...(json.data as { sessionid: string }) };
}

async function secretOf(gateway: TestGateway, entry: string): Promise<string> {
  const lines = (await readFile(join(gateway.stateDir, 'cce/access'), 'utf8')).split('\n');
  return lines.find((line) => line.startsWith(`${entry}:`))?.slice(entry.length + 1) ?? '';
}

test('cce 9: the settings of the answers reach the answers', async () => {
  await using folder = await tempDir('cce-');
  const file = join(folder.path, 'services.json');
  await writeFile(file, '{"file_count":1,"event_files":["a"]}');
  const keys = [
    'authkey_echo = true',
    'lowercase_getobject = true',
    'login_redirect = https://bx.example:81/login',
    `services_file = ${file}`,
    'message_style = code',
    'data_style = code',
    'strict_http = true',
    'max_body = 2048',
  ];
  await using gateway = await startGateway({ keys: keys.join('\n') });
  const who = await sessionOf(gateway);
  expect((await gateway.post({ cmd: 'AUTHKEY', ...who })).json).toMatchObject({ message: 'OK', data: { sessionid: who.sessionid } });
  const { json } = await gateway.post({ cmd: 'GETOBJECT', class: 'System', ...who });
  expect(json).toMatchObject({ data: { DATA: { productlanguage: 'en_US', classver: '1.3' } } });
  expect((await gateway.post({ cmd: 'BYE', ...who })).json).toEqual({ status: 201, message: 'OK', data: { DATA: {} } });
  expect(await gateway.get('/v2/cce')).toMatchObject({ http: 302, headers: { location: 'https://bx.example:81/login' } });
  expect((await gateway.get('/v2/services')).json).toEqual({ file_count: 1, event_files: ['a'] });
  expect(await gateway.post({ cmd: 'PING' })).toMatchObject({ http: 200, json: { status: 202 } });
  expect(await gateway.post({ cmd: 'PING', data: 'x'.repeat(2048) })).toMatchObject({ http: 413 });
  await writeFile(file, '{"file_count":');
  expect((await gateway.get('/v2/services')).json).toEqual({ file_count: 0, event_files: [] });
});

test('cce 9: a transaction queues reads, and ends, as the settings say', async () => {
  const clock = new TurnableClock();
  await using gateway = await startGateway({ clock, keys: 'dts_queue_reads = true\ndts_idle = 10s\ndts_mode = sequential' });
  const who = await sessionOf(gateway);
  const ask = async (cmd: string) => (await gateway.post({ cmd, ...who })).json;
  await ask('BEGIN');
  for (const cmd of ['GET 6', 'SET 999 a="b"', 'SET 56 description="one by one"']) expect(await ask(cmd)).toMatchObject({ status: 100 });
  const results = [{ data: { DATA: { name: 'admin' } } }, { status: 300 }, { status: 201 }];
  expect(await ask('COMMIT')).toMatchObject({ status: 409, data: { results } });
  expect(await ask('FIND User description="one by one"')).toMatchObject({ data: { oidlist: ['56'] } });
  await ask('BEGIN');
  clock.advance(10_001);
  expect(await ask('COMMIT')).toEqual({ status: 400, message: 'No active transaction' });
});

test('cce 9: the engine is made as the settings say', async () => {
  const keys = 'legacy_md5 = true\npassword_max = 10\nsession_timeout = 1h\nsession_max = 90m';
  const clock = new TurnableClock();
  await using gateway = await startGateway({ clock, keys });
  const who = await sessionOf(gateway);
  const set = async (password: string) => (await gateway.post({ cmd: 'SET', oid: 56, data: { password }, ...who })).json;
  expect(await set('eleven-long')).toMatchObject({ status: 401, data: { errors: [{ code: 302 }, { code: 401 }] } });
  expect(await set('ten-a-long')).toMatchObject({ status: 201 });
  const { json } = await gateway.post({ cmd: 'GET 56', ...who });
  expect((json.data as { DATA: { md5_password: string } }).DATA.md5_password).toMatch(/^\$1\$/);
  clock.advance(3_000_000);
  expect(await gateway.post({ cmd: 'AUTHKEY', ...who })).toMatchObject({ http: 200 });
  clock.advance(3_000_000);
  expect(await gateway.post({ cmd: 'AUTHKEY', ...who })).toMatchObject({ http: 401 });
});

test('cce 9: everybody may be listed where that is meant, and the use of a token moves its end on where that is wished', async () => {
  const clock = new TurnableClock();
  const keys = 'api_access = *, 0.0.0.0/0';
  await using closed = await startGateway({ keys });
  expect(await closed.post({ cmd: 'PING' }, { from: REMOTE })).toMatchObject({ http: 403 });
  await using gateway = await startGateway({ clock, keys: `${keys}\nallow_any = true\ntoken_sliding = true\ntoken_lifetime = 60s` });
  // The network says more than the star, so its secret counts.
  const secret = await secretOf(gateway, '0.0.0.0/0');
  const sent = { from: '198.51.100.77', secret };
  const { json } = await gateway.post({ cmd: 'LOGIN' }, sent);
  const { token } = json.data as { token: string };
  for (let use = 0; use < 3; use++) {
    clock.advance(40_000);
    expect(await gateway.post({ cmd: 'WHOAMI', token }, sent)).toMatchObject({ json: { data: { oid: '60' } } });
  }
  clock.advance(60_001);
  expect(await gateway.post({ cmd: 'WHOAMI', token }, sent)).toMatchObject({ http: 401 });
});
