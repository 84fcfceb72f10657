import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEMO_PASSWORD } from '@fairlead/engine-cce/fixtures';
import { expect, test } from 'vitest';
import { REMOTE, startGateway } from './support/gateway.ts';

const BAD_TOKEN = { http: 401, json: { message: 'Invalid or expired token' } };
const BANNED = { http: 429, json: { message: 'Too many authentication attempts' } };
const BROWSER = '198.51.100.1';

test('a page that was left open bans nobody, a guesser is banned', async () => {
  await using gateway = await startGateway({ keys: 'api_auth_fails = 3' });
  const { json } = await gateway.post({ cmd: 'AUTH', user: 'admin', password: DEMO_PASSWORD });
  const { sessionid } = json.data as { sessionid: string };
  const read = (session: string) => gateway.get('/v2/metrics', { from: BROWSER, headers: { 'x-user': 'admin', 'x-session': session } });

  expect(await read(sessionid)).toMatchObject({ http: 200 });
  await gateway.post({ cmd: 'ENDKEY', user: 'admin', sessionid });
  for (let look = 0; look < 5; look++) expect(await read(sessionid)).toMatchObject(BAD_TOKEN);
  for (const guess of ['a', 'b']) expect(await read(guess.repeat(63))).toMatchObject(BAD_TOKEN);
  expect(await read('c'.repeat(63))).toMatchObject(BANNED);
});

test('whatever stands in the place of the file access, no other machine gets in, and nobody waits for it', async () => {
  await using gateway = await startGateway({ keys: 'api_auth_fails = 100' });
  const path = join(gateway.stateDir, 'cce/access');
  const text = await readFile(path, 'utf8');
  const secret = /^[\d.]+:(\w+)$/m.exec(text)?.[1];
  const login = () => gateway.post({ cmd: 'LOGIN' }, { from: REMOTE, secret });
  expect(await login()).toMatchObject({ http: 200 });

  const places: readonly (() => Promise<unknown>)[] = [
    async () => undefined,
    () => mkdir(path),
    () => promisify(execFile)('mkfifo', [path]),
    () => writeFile(path, `${text}#${'x'.repeat(1_048_576)}\n`),
    () => writeFile(path, 'garbage'),
  ];
  for (const place of places) {
    await rm(path, { recursive: true });
    await place();
    expect(await login(), place.toString()).toMatchObject({ http: 401, json: { message: 'Unauthorized: invalid client secret' } });
    expect(await gateway.post({ cmd: 'PING' })).toMatchObject({ http: 202 });
    await rm(path, { recursive: true, force: true });
    await writeFile(path, text);
    expect(await login()).toMatchObject({ http: 200 });
  }
});

test('what was queued is not committed when the secret may no longer do it', async () => {
  await using gateway = await startGateway();
  const path = join(gateway.stateDir, 'cce/access');
  const limit = (verbs: string) => writeFile(path, `${REMOTE}:a-secret-long-enough:verbs=${verbs}\n`);
  const sent = { from: REMOTE, secret: 'a-secret-long-enough' };
  await limit('GET,SET,DESTROY');
  const { token } = (await gateway.post({ cmd: 'LOGIN' }, sent)).json.data as { token: string };
  const ask = async (cmd: string) => gateway.post({ cmd, token }, sent);
  for (const cmd of ['BEGIN', 'SET 58 description="x"', 'DESTROY 56']) expect(await ask(cmd)).toMatchObject({ http: 200 });
  await limit('GET,SET');
  expect(await ask('COMMIT')).toMatchObject({ http: 403 });
  expect(await ask('GET 56')).toMatchObject({ http: 200 });
  expect(await ask('COMMIT')).toMatchObject({ json: { message: 'No active transaction' } });
});

test('a password that nobody asked the backend about bans nobody', async () => {
  await using gateway = await startGateway({ keys: 'api_auth_fails = 2' });
  const admin = { user: 'admin', password: DEMO_PASSWORD };
  const ask = async (body: object) => (await gateway.post({ ...body, ...admin })).json.status;
  for (let time = 0; time < 10; time++) {
    expect(await ask({ cmd: 'SET nonsense' })).toBe(403);
    expect(await ask({ cmd: 'BEGIN' })).toBe(401);
    expect(await ask({ cmd: 'EVENTS', timeout: 0 })).toBe(201);
  }
  expect(await ask({ cmd: 'AUTH' })).toBe(201);
  for (const cmd of ['AUTH', 'GET 1']) expect(await gateway.post({ cmd, user: 'admin', password: 'wrong' })).toMatchObject({ http: 401 });
  for (const cmd of ['AUTH', 'GET 1', 'WHOAMI']) expect(await gateway.post({ cmd, ...admin })).toMatchObject(BANNED);
});

test('while the backend is away nobody is banned for a password that it did not look at', async () => {
  const keys = 'backend = socket\nunix_socket_path = /nonexistent/cced.socket\napi_auth_fails = 1';
  await using gateway = await startGateway({ keys });
  for (let time = 0; time < 6; time++) {
    for (const cmd of ['AUTH', 'GET 1']) expect(await gateway.post({ cmd, user: 'admin', password: 'x' })).toMatchObject({ http: 502 });
  }
});
