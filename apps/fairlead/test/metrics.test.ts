import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { ManualClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfiguration } from '../src/compose/configuration.ts';
import { type Gateway, startGateway } from '../src/compose/gateway.ts';
import { instruments } from '../src/compose/instruments.ts';

const DAY = 86_400_000;

interface World {
  readonly cloud: FakeCloudStack;
  readonly gateway: Gateway;
  readonly clock: ManualClock;
  readonly log: ReturnType<typeof captureLog>;
}

let scope: AsyncScope;
let world: World;
beforeAll(async () => {
  scope = new AsyncScope();
  world = await start(scope);
});
afterAll(() => scope[Symbol.asyncDispose]());

async function start(into: AsyncScope, more = ''): Promise<World> {
  const folder = into.use(await tempDir('metrics-')).path;
  const cloud = into.use(await FakeCloudStack.start({ poolPath: folder }));
  const text = [
    `[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1\nstate_dir = ${folder}/state\nrun_dir = ${folder}/run\n${more}`,
    '[security]\nhmac_secret = a made up secret of the tests, long enough',
    `[cloudstack]\nendpoint = ${cloud.url}\napi_key = ${cloud.admin.apiKey}\nsecret_key = ${cloud.admin.secretKey}`,
    '[image]\ndata_port = 0\nproxy_port = 0\ncontrol_port = 0',
  ].join('\n');
  const log = captureLog();
  const clock = new ManualClock(Date.now());
  const config = loadConfiguration({ text, env: {} });
  return { cloud, clock, log, gateway: into.use(await startGateway({ config, log: log.log, clock })) };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask({ gateway }: World, path: string, headers: Record<string, string> = {}, face = 'main'): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { ca: gateway.caPem, agent: false, headers, timeout: 20_000 } as const;
  request(`${gateway.addresses[face]}${path}`, options, async (answer) => {
    resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(await Array.fromAsync(answer)).toString('utf8') });
  })
    .on('error', reject)
    .end();
  return promise;
}

function basic({ cloud }: World, password = cloud.admin.password): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`admin@internal:${password}`).toString('base64')}`, accept: 'application/json' };
}

/** The value of a series: its name and labels as they stand on the page. */
async function series(of: World, name: string): Promise<number | undefined> {
  const { text } = await ask(of, '/metrics');
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

describe('the metrics page of a gateway', () => {
  test('counts requests by template, logins by outcome, calls to CloudStack by command, statements and jobs', async () => {
    await ask(world, '/ovirt-engine/api/vms/3b0c8b6e-5a53-4f5c-9b43-1a6f4f2a7f10', basic(world));
    await ask(world, '/ovirt-engine/api/vms', basic(world, 'wrong'));
    await ask(world, '/images/none', {}, 'image server');
    await until(async () => ((await series(world, 'fairlead_ovirt_inventory_objects{kind="zone"}')) ?? 0) > 0, { what: 'the inventory' });
    const count = (name: string) => series(world, name);

    const http = 'fairlead_http_request_seconds_count';
    expect(await count(`${http}{face="ovirt_api",method="GET",route="/api/vms/:vm",status="404"}`)).toBe(1);
    expect(await count(`${http}{face="ovirt_api",method="GET",route="/api/vms",status="401"}`)).toBe(1);
    const audit = 'fairlead_audit_entries_total';
    expect(await count(`${audit}{face="ovirt",action="login",outcome="ok"}`)).toBe(1);
    expect(await count(`${audit}{face="ovirt",action="login",outcome="refused"}`)).toBe(1);
    expect(await count('fairlead_ovirt_cloudstack_call_seconds_count{command="listZones",outcome="ok"}')).toBeGreaterThan(0);
    expect(await count('fairlead_ovirt_inventory_age_seconds{kind="zone"}')).toBeGreaterThanOrEqual(0);
    expect(await count('fairlead_store_query_seconds_count{operation="select",outcome="ok"}')).toBeGreaterThan(0);
    expect(await count('fairlead_store_up')).toBe(1);
    expect(await count('fairlead_jobs_late_seconds{job="kernel.sweep-audit"}')).toBe(0);
    expect(await count('fairlead_image_request_seconds_count{listener="server",operation="read",status="403"}')).toBe(1);
    expect(await count('fairlead_image_requests_active{listener="server"}')).toBe(0);
    expect(await count('fairlead_image_data_bytes_total{listener="server",direction="served"}')).toBeGreaterThan(50);
    expect((await ask(world, '/metrics')).text).toMatch(/fairlead_build_info\{version="\d+\.\d+\.\d+",node="24/);
  });

  test('shows no series that is not declared, and no id, login or address in a label', async () => {
    const { text } = await ask(world, '/metrics');
    const known = new Set(instruments.flatMap((table) => Object.values(table).map((spec) => spec.name)));
    const names = [...text.matchAll(/^# TYPE (fairlead_\w+)/gm)].map((found) => found[1] ?? '');

    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(15);
    expect(text).not.toMatch(/\{[^}]*(3b0c8b6e|@internal|127\.0\.0\.1)/);
  });

  test('the days that are left of each certificate are on the page', async () => {
    await using own = new AsyncScope();
    const aging = await start(own);
    const days = (certificate: string) => series(aging, `fairlead_tls_certificate_days_left{certificate="${certificate}"}`);
    const before = (await days('control')) ?? 0;
    const authority = (await days('authority')) ?? 0;
    expect(before).toBeGreaterThan(30);

    aging.clock.advance(10 * DAY);

    expect((await days('control')) ?? 0).toBeCloseTo(before - 10, 1);
    expect((await days('authority')) ?? 0).toBeCloseTo(authority - 10, 1);
  });
});

describe('who may ask what', () => {
  test('others than the operators read no metrics and no details, but whether it is ready', async () => {
    await using own = new AsyncScope();
    const closed = await start(own, 'ops_allow_from = 192.0.2.0/24');

    expect(await ask(closed, '/metrics')).toMatchObject({ status: 403, text: expect.stringContaining('"error":"forbidden"') });
    expect(await ask(closed, '/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await ask(closed, '/readyz')).toEqual({ status: 200, text: '{"ok":true}' });
  });

  test('behind a trusted proxy the operator is the one that the proxy tells', async () => {
    await using own = new AsyncScope();
    const behind = await start(own, 'ops_allow_from = 192.0.2.7\ntrusted_proxies = 127.0.0.0/8');

    expect((await ask(behind, '/metrics', { 'x-forwarded-for': '192.0.2.7' })).status).toBe(200);
    expect((await ask(behind, '/metrics', { 'x-forwarded-for': '192.0.2.7, 198.51.100.1' })).status).toBe(403);
    expect((await ask(behind, '/metrics')).status).toBe(403);
  });

  test('readiness names each part, and is 503 while CloudStack is away', async () => {
    await using own = new AsyncScope();
    const ill = await start(own);
    const well = JSON.parse((await ask(ill, '/readyz')).text) as { parts: Record<string, { ok: boolean }> };
    expect(Object.keys(well.parts).sort()).toEqual(['certificates', 'image', 'ovirt', 'store']);
    expect(Object.values(well.parts).every((part) => part.ok)).toBe(true);

    ill.cloud.faults.next('listCapabilities', { kind: 'status', status: 503 }, 9);
    ill.clock.advance(10_000);
    const sick = await ask(ill, '/readyz');

    expect(sick.status).toBe(503);
    expect(JSON.parse(sick.text)).toMatchObject({ ok: false, parts: { ovirt: { ok: false }, store: { ok: true } } });
    expect((await ask(ill, '/healthz')).status).toBe(200);
  });
});

test('the version that is told is that of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  expect((await ask(world, '/metrics')).text).toContain(`fairlead_build_info{version="${version}"`);
});
