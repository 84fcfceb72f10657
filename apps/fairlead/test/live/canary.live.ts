import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { OvirtClient } from '@fairlead/ovirt';
import { createQcow2, fillPattern } from '@fairlead/testkit/disks';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealedColumns } from '../../src/compose/maintenance.ts';
import { Canaries } from '../support/canaries.ts';
import {
  type CcePlace,
  changePassword,
  commandsWith,
  IN_CLEAR,
  layOutCce,
  plantOverSockets,
  plantQueue,
  plantServicePassword,
  plantSession,
  plantToken,
  REMOTE,
} from '../support/cce/canary-plants.ts';
import { RunningCli } from '../support/cli.ts';
import { processTree, type SeenProcess } from '../support/descendants.ts';
import { inProcess } from '../support/output.ts';
import { FREE_PORTS, type Serving, serve } from '../support/serve.ts';

const MiB = 1024 * 1024;
/** Private keys, and what CCE has to keep in clear. */
const NOT_OURS = new RegExp(`/tls/[^/]+\\.key$|${IN_CLEAR.source}`);
const canaries = new Canaries();
/** What the gateway says to its callers by their own wish: never looked at for these. */
const answers: { readonly what: string; readonly status: number; readonly text: string }[] = [];
const seen: SeenProcess[] = [];
/** Columns in which a sealed value stood at some moment. */
const sealedIn = new Set<string>();

/** The image server tells a caller which ticket is none, as the daemon of oVirt does; it is in no log. */
const SAID_BACK = ['wrong ticket', 'ticket of the control path'];

let scope: AsyncScope;
let folder: string;
let file: string;
let cloud: FakeCloudStack;
let gateway: Serving;
let ca: string;

const password = canaries.make('password of a user');
const serverSecret = canaries.make('server secret');

beforeAll(async () => {
  scope = new AsyncScope();
  folder = scope.use(await tempDir('canary-')).path;
  await mkdir(join(folder, 'pool'));
  cloud = scope.use(await FakeCloudStack.start({ poolPath: join(folder, 'pool') }));
  for (const user of cloud.cloud.users) if (user.username === 'admin' || user.username === 'alice') user.password = password;
  canaries.plant('service secret key', cloud.admin.secretKey);
  canaries.plant('service api key', cloud.admin.apiKey);
  canaries.plant('secret key of alice', cloud.user('alice').secretKey);
  canaries.plant('api key of alice', cloud.user('alice').apiKey);
  await writeFile(join(folder, 'hmac_secret'), `${serverSecret}\n`, { mode: 0o600 });
  file = join(folder, 'fairlead.ini');
  await writeFile(file, `${configText()}\n${await layOutCce({ canaries, folder })}`, { mode: 0o600 });
  gateway = await serve(file, { ...FREE_PORTS, FAIRLEAD_CLOUDSTACK_SECRET_KEY: cloud.admin.secretKey });
  ca = await readFile(join(folder, 'state', 'tls', 'ca.crt'), 'utf8');
}, 120_000);
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await scope[Symbol.asyncDispose]();
});

function configText(): string {
  return [
    '[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1\ntrusted_proxies = 127.0.0.1\nops_allow_from = 127.0.0.1',
    `state_dir = ${folder}/state\nrun_dir = ${folder}/run`,
    `[security]\nhmac_secret = @${folder}/hmac_secret\nformer_hmac_secret = ${canaries.make('former server secret').padEnd(32, '0')}`,
    '[logging]\nlevel = trace',
    `[cloudstack]\nendpoint = ${cloud.url}\napi_key = ${cloud.admin.apiKey}`,
    '[ovirt]\ninventory_refresh = 1s',
    `[image]\nhost = 127.0.0.1\nroots = ${folder}/pool\ninternal_token = ${canaries.make('token of the older program')}`,
  ].join('\n');
}

interface Wish {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Any request to any listener; what comes back is remembered. */
function ask(url: string, target: string, { method = 'GET', headers = {}, body }: Wish = {}): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options = { hostname, port, path: target, method, headers: { ...length, ...headers }, ca, agent: false, timeout: 30_000 } as const;
  request(options, async (answer) => {
    const text = Buffer.concat(await Array.fromAsync(answer)).toString('latin1');
    const status = answer.statusCode ?? 0;
    answers.push({ what: `${method} ${target.slice(0, 60)}`, status, text: `${JSON.stringify(answer.headers)}\n${text}` });
    resolve({ status, text });
  })
    .on('error', reject)
    .end(body);
  return promise;
}

const main = () => gateway.addresses.main ?? '';
const api = (path: string, wish?: Wish) => ask(main(), `/ovirt-engine/api${path}`, wish);
const cce = (body: unknown, headers: Readonly<Record<string, string>> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return ask(gateway.addresses.cce ?? '', '/v2/cce', { method: 'POST', headers, body: text });
};
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const basic = (user: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` });
const loginAs = (user: string, secret: string, headers: Record<string, string> = {}) =>
  ask(main(), '/ovirt-engine/sso/oauth/token', {
    method: 'POST',
    headers: { ...form, accept: 'application/json', ...headers },
    body: new URLSearchParams({ grant_type: 'password', scope: 'ovirt-app-api', username: user, password: secret }).toString(),
  });

/** What the world looks like from outside, now. */
async function look(): Promise<void> {
  seen.push(...(await processTree(gateway.cli.pid)));
  for (const column of columnsWithSealedValues(join(folder, 'state', 'fairlead.db'))) sealedIn.add(column);
}

describe('secrets planted in every input', { timeout: 120_000 }, () => {
  test('logins: right and wrong, as form, query, JSON, XML, Basic, bearer and cookie', async () => {
    const { status, text } = await loginAs('admin@internal', password);
    expect(status).toBe(200);
    const token = canaries.plant('access token', (JSON.parse(text) as { access_token: string }).access_token);
    answers.pop();
    await loginAs('admin@internal', canaries.make('wrong password'));
    await loginAs('nobody@internal', canaries.make('password of nobody'));
    const other = canaries.make('password in another body');
    for (const [type, body] of [
      ['application/json', JSON.stringify({ grant_type: 'password', username: 'admin@internal', password: other })],
      ['application/xml', `<login><username>admin@internal</username><password>${other}</password></login>`],
      ['text/plain', other],
    ] as const) {
      await ask(main(), '/ovirt-engine/sso/oauth/token', { method: 'POST', headers: { 'content-type': type }, body });
    }
    const query = canaries.make('password in a query');
    await ask(main(), `/ovirt-engine/sso/oauth/token?grant_type=password&username=admin@internal&password=${query}`, { method: 'POST' });
    await ask(main(), `/ovirt-engine/sso/oauth/token-info?token=${canaries.make('token in a query')}`);

    expect((await api('', { headers: basic('admin@internal', password) })).status).toBe(200);
    await api('/vms', { headers: basic('admin@internal', canaries.make('wrong password as Basic')) });
    await api('/vms', { headers: { authorization: `Basic ${canaries.make('Basic that is none')}` } });
    await api('/vms', { headers: { authorization: `Bearer ${canaries.make('wrong token')}` } });
    await api('/vms', { headers: { authorization: `Digest ${canaries.make('another scheme')}` } });
    await api('/vms', { headers: { cookie: `JSESSIONID=${canaries.make('wrong cookie')}`, jsessionid: canaries.make('wrong header') } });
    expect((await api('/vms', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    await api('/vms', { headers: { ...basic('admin@internal', password), prefer: 'persistent-auth' } });
    const cookie = /JSESSIONID=([\w-]+)/.exec(answers.pop()?.text ?? '')?.[1] ?? '';
    canaries.plant('cookie', cookie);
    await api('/vms', { headers: { cookie: `JSESSIONID=${cookie}`, prefer: 'persistent-auth' } });
  });

  test('URLs with credentials, queries, matrix parameters and headers that nobody asked for', async () => {
    const bearer = { authorization: `Bearer ${canaries.make('token beside a URL')}` };
    const inUrl = canaries.make('password in a URL');
    await ask(main(), `https://admin:${inUrl}@127.0.0.1/ovirt-engine/api/vms`, { headers: basic('admin@internal', password) });
    await ask(main(), `https://admin:${inUrl}@127.0.0.1/nowhere`);
    await api(`/vms?password=${canaries.make('query of the API')}&max=x`, { headers: bearer });
    await api(`/vms;password=${canaries.make('matrix of the API')}/nowhere`, { headers: basic('admin@internal', password) });
    await ask(main(), `/nowhere;token=${canaries.make('matrix outside')}?token=${canaries.make('query outside')}`);
    const header = canaries.make('header');
    for (const name of [
      'x-api-key',
      'proxy-authorization',
      'cookie',
      'x-forwarded-for',
      'x-auth-token',
      'session-ttl',
      'prefer',
      'all-content',
    ]) {
      await api('/vms', { headers: { ...basic('admin@internal', password), [name]: header } });
    }
  });

  test('bodies, whole and broken', async () => {
    const headers = { ...basic('admin@internal', password), 'content-type': 'application/xml' };
    const secret = canaries.make('root password in a body');
    const vm = (init: string) =>
      `<vm><name>canary</name><cluster><name>none</name></cluster><template><name>Blank</name></template><initialization>${init}</initialization></vm>`;
    await api('/vms', {
      method: 'POST',
      headers,
      body: vm(`<root_password>${secret}</root_password><custom_script>${secret}</custom_script>`),
    });
    await api('/vms', { method: 'POST', headers, body: vm(`<root_password>${secret}`) });
    await api('/vms', { method: 'POST', headers, body: `<vm><${secret}>` });
    await api('/vms', { method: 'POST', headers, body: `<!DOCTYPE x [<!ENTITY y "${secret}">]><vm>&y;</vm>` });
    await api('/vms', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: `{"name": "x", "password": "${secret}"`,
    });
    await api('/vms', { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: `{"memory": "${secret}"}` });
    await api('/imagetransfers', {
      method: 'POST',
      headers,
      body: `<image_transfer><proxy_url>https://x:${secret}@h/</proxy_url></image_transfer>`,
    });
    await api('/vms', { method: 'POST', headers, body: `<vm><name>${'x'.repeat(11 * MiB)}${secret}</name></vm>` }).catch(() => undefined);
  });

  test('tickets, right and wrong, on both listeners of the data plane', async () => {
    const disk = join(folder, 'pool', 'canary.qcow2');
    await createQcow2(disk, 64 * MiB);
    await fillPattern(disk, 'qcow2', [{ kind: 'random', start: 0, length: 2 * MiB }]);
    await cloud.addVm({ name: 'canary', account: 'admin', cpu: 1, memoryMiB: 512, disks: [{ name: 'canary-root', file: disk }] });
    await using client = clientOf('admin@internal');
    const [vm] = await until(async () => nonEmpty(await client.api.listVms({ search: 'name=canary' })), {
      what: 'the VM',
      timeoutMs: 30_000,
    });
    const backup = await client.api.startBackup(vm?.id ?? '', {});
    await until(async () => (await client.api.getBackup(vm?.id ?? '', backup.id ?? '')).phase === 'ready', {
      what: 'the backup',
      timeoutMs: 30_000,
    });
    const [part] = await client.api.listBackupDisks(vm?.id ?? '', backup.id ?? '');
    const made = await client.api.createImageTransfer({
      backup: { id: backup.id ?? '' },
      disk: { id: part?.id ?? '' },
      direction: 'download',
      format: 'raw',
    });
    const transfer = await until(async () => readyTransfer(await client.api.getImageTransfer(made.id ?? '')), {
      what: 'the transfer',
      timeoutMs: 30_000,
    });
    const urls = [transfer.transfer_url ?? '', transfer.proxy_url ?? ''];
    for (const url of urls) {
      const path = new URL(url).pathname;
      canaries.plant('ticket', path.split('/').at(-1) ?? '');
      expect((await ask(url, path, { headers: { range: 'bytes=0-1023' } })).status).toBe(206);
      expect((await ask(url, `${path}/extents`)).status).toBe(200);
      expect((await ask(url, path, { method: 'PUT', body: 'x' })).status).toBe(403);
      await ask(url, path, { headers: { range: 'bytes=99999999999999-' } });
      await ask(url, path, { method: 'PATCH', body: `{"op": "${canaries.make('patch body')}"` });
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']) {
        await ask(url, `/images/${canaries.make('wrong ticket')}?token=${canaries.make('query of the data plane')}`, { method });
      }
      await ask(url, `/tickets/${canaries.make('ticket of the control path')}`, {
        headers: { authorization: canaries.make('header of the data plane') },
      });
    }
    await look();
    expect(seen.some((one) => one.commandLine.includes('qemu-nbd'))).toBe(true);
    await client.api.finalizeImageTransfer(made.id ?? '');
    await client.api.finalizeBackup(vm?.id ?? '', backup.id ?? '');
  });

  test('texts of CloudStack that say the secret back', async () => {
    const { secretKey, apiKey } = cloud.admin;
    const keys = `no signature for secretkey=${secretKey} apikey=${apiKey}`;
    for (const [command, echo] of [
      ['listVirtualMachines', keys],
      ['login', `${keys} password=${password}`],
    ] as const) {
      for (const fault of [
        { kind: 'error', errorcode: 530, errortext: echo },
        { kind: 'body', status: 200, contentType: 'text/html', body: `<html>${echo}</html>` },
        { kind: 'body', status: 502, contentType: 'text/html', body: `<html>${echo}</html>` },
        {
          kind: 'body',
          status: 500,
          contentType: 'application/json',
          body: `{"errorresponse": {"errorcode": 530, "errortext": "${echo}"}}`,
        },
      ] as const) {
        cloud.faults.next(command, fault, 2);
        await loginAs('alice@tenants', password);
        await loginAs('alice@tenants', password);
        await api('/vms', { headers: basic('admin@internal', password) });
        await until(() => cloud.faults.list().length === 0, { what: `the fault of ${command}`, timeoutMs: 30_000 });
      }
    }
    cloud.faults.clear();
  });

  test('ban and logout', async () => {
    for (let tries = 0; tries < 12; tries++) await loginAs('victim@internal', canaries.make(`guess ${tries}`));
    expect(answers.at(-1)?.status).toBe(429);
    const { text } = await loginAs('admin@internal', password);
    const token = canaries.plant('token until the logout', (JSON.parse(text) as { access_token: string }).access_token);
    answers.pop();
    await ask(main(), '/ovirt-engine/sso/oauth/revoke', { method: 'POST', headers: form, body: `token=${token}&scope=` });
  });

  test('cce 17.116: CCE passwords, sessions, tokens and client secrets, over JSON and sockets, right and wrong', async () => {
    const place: CcePlace = { canaries, folder, ask: cce };
    await plantServicePassword(place);
    const cceFile = join(folder, 'admin.password');
    const known = await changePassword(place, look);
    await writeFile(cceFile, `${known}\n`, { mode: 0o600 });
    const who = await plantSession(place, known);
    answers.pop();
    const { token, headers } = await plantToken(place);
    answers.pop();
    for (const body of commandsWith(place, who)) await cce(body);
    for (const body of commandsWith(place, { token })) await cce(body, headers);
    const queued = await plantQueue(place, who, async () => {
      await look();
      expect(await canaries.inFiles(join(folder, 'state'), NOT_OURS)).toEqual([]);
    });
    expect(queued).toContain('password = \\"xxx\\"');
    expect(canaries.in('the answers to COMMIT', queued)).toEqual([]);
    const said = await plantOverSockets(place, known);
    expect(said).toContain('306 ERROR LINE TOO LONG');
    expect(canaries.in('the replies of the sockets', said)).toEqual([]);

    const wrong = { ...headers, 'x-client-secret': canaries.make('wrong client secret') };
    for (const sent of [wrong, { ...wrong, 'x-real-ip': '198.51.100.1' }]) await cce({ cmd: 'LOGIN' }, sent);
    await cce({ cmd: 'WHOAMI', token: canaries.make('wrong CCE token') }, headers);
    for (const path of ['services', 'metrics', 'events', `services?token=${canaries.make('CCE query')}`]) {
      const shown = {
        'x-token': canaries.make(`header of ${path.slice(0, 8)}`),
        'x-user': 'admin',
        'x-session': canaries.make('header session'),
      };
      await ask(gateway.addresses.cce ?? '', `/v2/${path}`, { headers: { 'x-real-ip': REMOTE, ...shown } });
    }
    await cce(
      { ...who, cmd: 'CREATE', class: 'User', data: { name: 'keyed1', password: canaries.make('with a key').slice(0, 60) } },
      { 'idempotency-key': 'k' },
    );
    const options = ['--url', gateway.addresses.cce ?? '', '--ca', join(folder, 'state', 'tls', 'ca.crt'), '--user', 'admin'];
    await using running = new RunningCli(['cce', ...options, '--password-file', cceFile, 'get', '6']);
    while (!running.isOver) seen.push(...(await processTree(running.pid)).map((one) => withoutOwn(one, running.pid)));
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 0 });
    answers.push({ what: 'fairlead cce', status: 500, text: ended.stdout + ended.stderr });
    await cce({ cmd: 'BYE', token }, headers);
    await cce({ ...who, cmd: 'ENDKEY' });
  });

  test('the command line: programs that it starts are given no password', async () => {
    const own = join(folder, 'backups', 'canary');
    await mkdir(join(folder, 'backups'), { recursive: true });
    const options = ['--url', `${main()}/ovirt-engine`, '--user', 'admin@internal', '--ca', join(folder, 'state', 'tls', 'ca.crt')];
    await using running = new RunningCli(['backup', 'canary', '--to', own, ...options], { env: { FAIRLEAD_PASSWORD: password } });
    while (!running.isOver) seen.push(...(await processTree(running.pid)).map((one) => withoutOwn(one, running.pid)));
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 0 });
    answers.push({ what: 'fairlead backup', status: 500, text: ended.stdout + ended.stderr });
  });
});

describe('appear nowhere', { timeout: 120_000 }, () => {
  test('in no answer that refuses', () => {
    const refused = answers.filter(({ status }) => status >= 400);
    expect(refused.length).toBeGreaterThan(50);
    expect(refused.flatMap(({ what, text }) => canaries.in(what, text, SAID_BACK))).toEqual([]);
  });

  test('in no metric, no health, no audit and no look at the configuration', async () => {
    for (const path of ['/metrics', '/readyz', '/healthz', '/', '/ca.crt']) {
      const { status, text } = await ask(main(), path);
      expect(status).toBe(200);
      expect(canaries.in(path, text)).toEqual([]);
    }
    const env = { FAIRLEAD_CLOUDSTACK_SECRET_KEY: cloud.admin.secretKey };
    for (const words of [
      'audit --json --limit 1000',
      'audit',
      'secret status',
      'config show',
      'config check',
      'doctor',
      'cce secrets list',
      'cce bans list',
    ]) {
      await sayNothing(words, env);
    }
    const audit = await inProcess(['audit', '--config', file, '--limit', '1000']);
    for (const action of ['login', 'ban', 'backup.start', 'transfer', 'object.modify']) expect(audit.stdout).toContain(action);
  });

  test('in no process list, and in the environment of no program that is started', async () => {
    await look();
    const [first] = seen;
    expect(first?.commandLine.includes('serve')).toBe(true);
    expect(seen.flatMap((one) => canaries.in(`cmdline of ${one.pid}`, one.commandLine))).toEqual([]);
    // A child that has not yet become its program is the gateway still, by its command line and all.
    const isGateway = (one: SeenProcess) => one.pid === gateway.cli.pid || one.commandLine.equals(first?.commandLine ?? Buffer.alloc(0));
    const children = seen.filter((one) => !isGateway(one));
    expect(children.some((one) => one.commandLine.includes('slow.sh'))).toBe(true);
    expect(children.length).toBeGreaterThan(0);
    expect(children.flatMap((one) => canaries.in(`environ of ${one.commandLine}`, one.environment))).toEqual([]);
  });

  test('in no line of the log at the finest level', async () => {
    const lines = gateway.cli.stdout + gateway.cli.stderr;
    expect(lines).toContain('"level":"debug"');
    expect(lines).toContain('login: refused');
    expect(lines).toContain('SET 58 password = \\"xxx');
    expect(canaries.in('the log', lines)).toEqual([]);
  });

  test('in no byte of the store and of what else is kept, while it runs and when it has ended', async () => {
    expect(await canaries.inFiles(join(folder, 'state'), NOT_OURS)).toEqual([]);
    expect(await canaries.inFiles(join(folder, 'run'), NOT_OURS)).toEqual([]);
    const access = await readFile(join(folder, 'state/cce/access'), 'utf8');
    expect(canaries.in('the access file', access, ['client secret'])).toEqual([]);
    expect(await canaries.inFiles(join(folder, 'backups'), /\.qcow2$/)).toEqual([]);
    expect(await gateway.stop()).toMatchObject({ code: 0 });

    expect(await canaries.inFiles(join(folder, 'state'), NOT_OURS)).toEqual([]);
    expect(canaries.in('the log', gateway.cli.stdout + gateway.cli.stderr)).toEqual([]);
  });

  test('and every sealed value stands in a column that is sealed anew when the server secret changes', () => {
    const declared = new Set(sealedColumns.map(({ table, column }) => `${table}.${column}`));

    expect([...sealedIn].filter((column) => !declared.has(column))).toEqual([]);
    expect([...sealedIn].sort()).toEqual(['cce_queue.command', 'kernel_sessions.data', 'ovirt_transfers.urls']);
  });

  test('of a PostgreSQL that is away: not the password of its URL', async () => {
    const secret = canaries.make('password of the database');
    const url = `postgres://fairlead:${secret}@127.0.0.1:1/fairlead`;
    for (const words of ['serve', 'doctor', 'config show', 'secret status']) {
      await sayNothing(words, { FAIRLEAD_STORE_URL: url, ...FREE_PORTS });
    }
  });
});

test('the search finds a secret as it is, in base64 wherever it begins, and in hexadecimal digits', () => {
  const search = new Canaries();
  const secret = search.make('it');
  const clothes = [
    secret,
    ...['', 'a', 'ab', 'user:'].map((before) => Buffer.from(`${before}${secret}~`).toString('base64')),
    Buffer.from(secret).toString('hex'),
  ];
  for (const text of clothes) expect(search.in('a text', `x${text}y`)).toHaveLength(1);
  expect(search.in('a text', 'nothing of that kind')).toEqual([]);
});

function columnsWithSealedValues(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const columns = database
    .prepare(
      `select m.name || '.' || c.name as name, m.name as tbl, c.name as col from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'`,
    )
    .all() as { name: string; tbl: string; col: string }[];
  const holding = columns.filter(({ tbl, col }) => {
    const { n } = database.prepare(`select count(*) as n from "${tbl}" where "${col}" glob 'v1.????????.*'`).get() as { n: number };
    return n > 0;
  });
  database.close();
  return holding.map(({ name }) => name);
}

/** Runs a command with these variables; it says something, and no secret. */
async function sayNothing(words: string, env: Readonly<Record<string, string>>): Promise<void> {
  const args = [...words.split(' '), '--config', file];
  Object.assign(process.env, env);
  const { stdout, stderr } = await inProcess(args).finally(() => {
    for (const name of Object.keys(env)) delete process.env[name];
  });
  expect(stdout + stderr).not.toBe('');
  expect(canaries.in(words, stdout + stderr)).toEqual([]);
}

/** Its own environment holds what it was given; that of its children must not. */
function withoutOwn(one: SeenProcess, own: number): SeenProcess {
  return one.pid === own ? { ...one, environment: Buffer.alloc(0) } : one;
}

function clientOf(username: string) {
  const client = new OvirtClient({ url: `${main()}/ovirt-engine`, username, password, ca });
  return { api: client, [Symbol.asyncDispose]: async () => client.close() };
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function readyTransfer<T extends { readonly phase?: string | undefined }>(transfer: T): T | undefined {
  return transfer.phase === 'transferring' ? transfer : undefined;
}
