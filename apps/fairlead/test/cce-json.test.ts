import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfiguration } from '../src/compose/configuration.ts';
import { startGateway } from '../src/compose/gateway.ts';
import { inProcess } from './support/output.ts';

const REMOTE = '192.0.2.9';

const scope = new AsyncScope();
let folder = '';
let api = '';
/** The same API as another machine sees it: through a proxy that is trusted. */
let remote = '';
let config = '';

beforeAll(async () => {
  folder = scope.use(await tempDir('cj-')).path;
  config = place('fairlead.ini');
  await mkdir(place('admin'), { mode: 0o700 });
  await writeFile(
    config,
    [
      '[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1',
      `state_dir = ${place('state')}\nrun_dir = ${place('run')}`,
      `[security]\nhmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
      '[cce]\nbackend = embedded\nfixtures = demo\nlisten_address = 127.0.0.1:0',
      `api_access = ${REMOTE}/32\ntrusted_proxies = 127.0.0.1\nauth_fail_delay = false`,
      `admin_socket = ${place('admin/cced.socket')}\nenable_http = true\nhttp_listen_address = 127.0.0.1:0`,
    ].join('\n'),
  );
  await writeFile(place('password'), 'blueonyx\n');
  await writeFile(place('wrong'), 'guess\n');
  const gateway = scope.use(await startGateway({ config: loadConfiguration({ file: config, env: {} }), log: captureLog().log }));
  await writeFile(place('ca.crt'), gateway.caPem);
  api = gateway.addresses.cce ?? '';
  const plain = Object.values(gateway.addresses).find((url) => url.startsWith('http:')) ?? '';
  remote = await openProxy(new URL(plain).origin);
});
afterAll(() => scope[Symbol.asyncDispose]());

const place = (name: string) => join(folder, name);
const cce = (...words: readonly string[]) => inProcess(['cce', '--url', api, '--ca', place('ca.crt'), ...words]);
const asAdmin = (...words: readonly string[]) => cce('--user', 'admin', '--password-file', place('password'), ...words);
const fromAfar = (...words: readonly string[]) => inProcess(['cce', '--url', remote, '--secret', `@${place('secret')}`, ...words]);

/** Tells the address that it stands for, as the web server of BlueOnyx does. */
async function openProxy(target: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const { 'x-client-secret': secret } = request.headers;
    const headers = {
      'content-type': 'application/json',
      'x-real-ip': REMOTE,
      ...(typeof secret === 'string' && { 'x-client-secret': secret }),
    };
    const answer = await fetch(`${target}${request.url}`, { method: 'POST', headers, body: await text(request) });
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.defer(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('over the JSON API commands answer as over the socket', async () => {
  expect(await cce('WHOAMI')).toEqual({ code: 0, stdout: '-1\n', stderr: '' });
  expect(await asAdmin('whoami')).toMatchObject({ code: 0, stdout: '6\n' });
  expect(await asAdmin('get', '6.Shell', '--json')).toMatchObject({ stdout: '{"CLASSVER":"1.0","NAMESPACE":"Shell","enabled":"1"}\n' });
  expect(await asAdmin('find', 'Vsite', 'fqdn~^t1\\.smd\\.net$')).toMatchObject({ stdout: '34\n' });
  expect((await asAdmin('names', '34')).stdout.split('\n')).toContain('Disk');
  expect((await asAdmin('classes')).stdout.split('\n')).toContain('Vsite');
  const made = await asAdmin('create', 'Route', 'target=10.1.0.0', 'netmask=255.255.0.0');
  expect(await asAdmin('destroy', made.stdout.trim())).toMatchObject({ code: 0 });
});

test.each<[string, number, readonly string[], string]>([
  ['an object that is not there', 66, ['get', '9999'], 'unknown object 9999'],
  ['a namespace that is not there', 66, ['get', '6', 'flux'], 'unknown namespace flux'],
  ['a bad value', 1, ['set', '1.Snmp', 'enabled=5'], '[[base-cce.invalidData]]'],
  ['what is no OID', 64, ['get', 'abc'], ''],
])('over the JSON API %s ends with exit code %i', async (_, code, words, said) => {
  expect(await asAdmin(...words)).toMatchObject({ code, stderr: expect.stringContaining(said) });
});

test('over the JSON API who may not do it is told so', async () => {
  expect(await cce('set', '1', 'productName=x')).toMatchObject({
    code: 77,
    stderr: expect.stringContaining('permission denied: productName'),
  });
  expect(await cce('--user', 'admin', '--password-file', place('wrong'), 'WHOAMI')).toMatchObject({ code: 77 });
  await writeFile(place('secret'), 'x'.repeat(32));
  expect(await fromAfar('WHOAMI')).toMatchObject({ code: 77, stderr: expect.stringContaining('invalid client secret') });
  const local = await cce('--secret', `@${place('secret')}`, 'WHOAMI');
  expect(local).toMatchObject({ code: 77, stderr: expect.stringContaining('LOGIN not allowed from localhost') });
  expect(await fromAfar('--secret', 'plain', 'WHOAMI')).toMatchObject({ code: 64 });
});

test('no gateway is an outage, and neither is what is no CCE API', async () => {
  expect(await inProcess(['cce', '--url', 'http://127.0.0.1:1', 'WHOAMI'])).toMatchObject({ code: 69 });
});

test('another machine gets in with its secret, until that is rotated or revoked', async () => {
  const care = (...words: readonly string[]) => inProcess(['cce', 'secrets', ...words, '-c', config]);
  const listed = await care('list');
  expect(listed.stdout).toMatch(/^192\.0\.2\.9 +api-admin +all +all +never$/m);
  const [line = ''] = (await readFile(place('state/cce/access'), 'utf8')).split('\n');
  const secret = line.replace(/^.*:/, '');
  expect(listed.stdout).not.toContain(secret);
  await writeFile(place('secret'), secret);
  expect(await fromAfar('WHOAMI')).toEqual({ code: 0, stdout: '60\n', stderr: '' });

  const rotated = await care('rotate', `${REMOTE}/32`);
  expect(rotated).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[A-Za-z0-9]{32}\n$/) });
  expect(await fromAfar('WHOAMI')).toMatchObject({ code: 77 });
  await writeFile(place('secret'), rotated.stdout);
  expect(await fromAfar('WHOAMI')).toMatchObject({ code: 0, stdout: '60\n' });

  expect(await care('revoke', REMOTE)).toMatchObject({ code: 0 });
  expect(await fromAfar('WHOAMI')).toMatchObject({ code: 77 });
  expect(await care('rotate', REMOTE)).toMatchObject({ code: 66 });
});

test('who failed too often is listed and can be let in again', async () => {
  const bans = (...words: readonly string[]) => inProcess(['cce', 'bans', ...words, '-c', config]);
  for (let attempt = 0; attempt < 6; attempt += 1) await cce('--user', 'mallory', '--password-file', place('wrong'), 'WHOAMI');
  const refused = await cce('--user', 'mallory', '--password-file', place('wrong'), 'WHOAMI');
  expect(refused).toMatchObject({ code: 77, stderr: expect.stringContaining('Too many authentication attempts') });
  const rows = JSON.parse((await bans('list', '--json')).stdout) as { who: string }[];
  const who = rows.map((row) => row.who).find((one) => one.includes('mallory')) ?? '';
  expect(who).not.toBe('');
  expect((await bans('list')).stdout).toContain(who);
  expect(await bans('lift', who)).toMatchObject({ code: 0 });
  expect(await bans('lift', who)).toMatchObject({ code: 66 });
  const again = await cce('--user', 'mallory', '--password-file', place('wrong'), 'WHOAMI');
  expect(again.stderr).toContain('user or password are wrong');
});

test('without --socket the socket of the configuration is taken', async () => {
  expect(await inProcess(['cce', '-c', config, 'get', '6.Shell', '--json'])).toMatchObject({ code: 0 });
});

test('watch prints what is committed, asked of the JSON API', async () => {
  const args = ['--user', 'admin', '--password-file', place('password')];
  const watching = cce(...args, 'watch', 'User.Disk', 'mx2._CREATE', '--count', '2');
  let round = 0;
  const ended = await until(async () => {
    round += 1;
    await asAdmin('set', '56.Disk', `quota=${round}`);
    await asAdmin('set', '56', `description=${round}`);
    return await Promise.race([watching, asAdmin('WHOAMI').then(() => undefined)]);
  });
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(\S+ 56\.Disk\.quota\n){2}$/), stderr: 'watching\n' });
  expect(await cce('--user', 'admin', '--password-file', place('wrong'), 'watch')).toMatchObject({ code: 77, stdout: '' });
});
