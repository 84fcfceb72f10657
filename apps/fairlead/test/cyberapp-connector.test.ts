import { writeFile } from 'node:fs/promises';
import { FakeAcronis } from '@fairlead/acronis/fake';
import { ALERT_CATEGORIES, ALERT_TYPES, type CyberappTables, WORKLOAD_TYPES } from '@fairlead/bridge-cyberapp';
import { systemClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import { openStore } from '@fairlead/kernel/store';
import { testAuthority } from '@fairlead/testkit/certs';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { cyberappDesk, mapCustomer, newCustomer, TENANT } from './support/cyberapp-desk.ts';

const SITE = 'bx:web1:vsite:site1';
const SITES = '[cce]\nbackend = embedded\nfixtures = demo\nhost_id = web1\nlisten_address = 127.0.0.1:0';
const CLIENT = { clientId: '6f0c2a53-9d5b-4f43-8f7e-0d9b0a3f1c77', clientSecret: 'hush' };
const SLOW = { timeout: 60_000 };

/** A customer whose site a gateway has read, and a fake of Acronis that nothing was pushed to. The gateway is gone. */
async function pushedWorld(keys = '') {
  await using scope = new AsyncScope();
  const authority = scope.use(await testAuthority());
  const { cert, key, ca } = authority;
  const types = {
    alertTypes: Object.entries(ALERT_TYPES).map(([code, { severity }]) => ({ code, severity })),
    categories: Object.keys(ALERT_CATEGORIES),
    workloadTypes: Object.entries(WORKLOAD_TYPES).map(([code, { schema }]) => ({ code, schema })),
  };
  const tenants = [{ id: TENANT, name: 'Bakery', kind: 'customer' as const }];
  const fake = scope.use(await FakeAcronis.start({ apps: [{ code: 'vendor.app', ...CLIENT, ...types }], tenants, tls: { cert, key } }));
  const rest: string[] = [];
  const desk = scope.use(
    await cyberappDesk(async (folder) => {
      await writeFile(`${folder}/ca.pem`, ca);
      rest.push(
        '[cyberapp]\napp_code = vendor.app\nlisten_address = 127.0.0.1:0',
        `[connector]\nenabled = false\nca = ${folder}/ca.pem\nallow_private = true\nrequests_per_second = 1000\n${keys}`,
        `[connector eu8]\ndc_url = ${fake.url('eu8')}\nclient_id = ${CLIENT.clientId}\nclient_secret = ${CLIENT.clientSecret}`,
      );
      return [SITES, ...rest];
    }),
  );
  await using _gateway = await desk.gateway();
  const isRead = async () =>
    (await desk.json<readonly { readonly key: string }[]>('source', 'unassigned')).some((item) => item.key === SITE);
  await until(isRead, { timeoutMs: 30_000, what: 'the site' });
  const bakery = await newCustomer(desk);
  await mapCustomer(desk, bakery);
  await desk.run('source', 'add', bakery, 'blueonyx', 'site', 'web1/site1');
  const held = scope.move();
  return {
    ...desk,
    bakery,
    fake,
    rest,
    names: () => fake.workloads.map(({ name }) => name),
    /** What a run leaves in the store. */
    rows: async () => {
      await using store = await openStore({ stateDir: `${desk.folder}/state`, url: undefined, log: silentLog(), clock: systemClock });
      const found: unknown[] = [];
      for (const table of ['cyberapp_workloads', 'cyberapp_alerts', 'cyberapp_targets', 'cyberapp_runs'] as const)
        found.push(...(await store.tables<CyberappTables>().selectFrom(table).selectAll().execute()));
      return found;
    },
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

test(
  'cyberapp 9.153: a dry run tells each operation and changes nothing, a run carries it out, the next one has nothing to do',
  SLOW,
  async () => {
    await using w = await pushedWorld();
    const dry = await w.run('connector', 'run', '--once', '--dry-run');
    expect(dry).toMatchObject({ code: 3, stderr: expect.stringContaining('CLI_CYBERAPP_DIFFERENT') });
    const [operation, ...more] = dry.stdout.trim().split('\n');
    expect(JSON.parse(operation ?? '')).toMatchObject({
      org: w.bakery,
      tenant: TENANT,
      dc: 'eu8',
      op: 'create',
      kind: 'workload',
      key: SITE,
    });
    expect(more).toEqual([]);
    expect([w.fake.requests.count(), await w.rows()]).toEqual([0, []]);
    const asked = await w.run('connector', 'run', '--once', '--dry-run', '--remote', '--json', '--org', w.bakery);
    expect(JSON.parse(asked.stdout.trim().split('\n').at(-1) ?? '')).toEqual({ summary: { 'create workload': 1 } });
    expect([w.fake.requests.writes, w.fake.requests.count('workloads.list'), await w.rows()]).toEqual([0, 1, []]);
    expect(await w.json('connector', 'status')).toMatchObject({
      datacenters: [{ datacenter: 'eu8', state: 'idle', last_run: null }],
      tenants: [],
    });

    const preview = await w.json<{ readonly workloads: readonly unknown[] }>('preview', w.bakery);
    const first = await w.run('connector', 'run', '--once');
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^eu8 {2}ok {2}.*1 created/) });
    expect(w.names()).toEqual(['t1.smd.net']);
    expect(w.fake.requests.of('workloads.create').map(({ body }) => body)).toEqual([{ items: preview.workloads }]);
    const writes = w.fake.requests.writes;
    expect(await w.run('connector', 'run', '--once', '--org', w.bakery)).toMatchObject({ code: 0 });
    expect(await w.run('connector', 'reconcile')).toMatchObject({ code: 0 });
    expect(await w.run('connector', 'run', '--once', '--dry-run', '--remote')).toMatchObject({ code: 0, stdout: '' });
    expect(w.fake.requests.writes).toBe(writes);
    expect(await w.json('connector', 'status')).toMatchObject({
      datacenters: [{ configured: true, outcome: 'ok', workloads: { live: 1 }, node: expect.stringContaining('command line') }],
    });
  },
);

test('cyberapp 9.138: no run from the command line removes what a source does not tell because it is not there', SLOW, async () => {
  await using w = await pushedWorld('delete_grace = 0s');
  await w.run('connector', 'run', '--once');
  const allowed = ['connector', 'run', '--once', '--allow-deletes', w.bakery] as const;
  await w.write([`${SITES}\nschema_dir = ${w.folder}/nowhere`, ...w.rest]);
  for (let run = 1; run <= 3; run++)
    expect(await w.run(...allowed)).toMatchObject({ code: 0, stderr: expect.stringContaining('blueonyx: ') });
  await w.write(w.rest);
  for (let run = 1; run <= 3; run++) expect(await w.run(...allowed)).toMatchObject({ code: 0, stderr: '' });
  expect(w.names()).toEqual(['t1.smd.net']);
  expect(w.fake.requests.count('workloads.delete')).toBe(0);

  // What a source tells whole, and a rule gives away, does go.
  await w.write([SITES, ...w.rest]);
  const [rule] = await w.json<readonly { readonly id: string }[]>('source', 'list');
  await w.run('source', 'remove', rule?.id ?? '');
  for (let run = 1; run <= 3; run++) await w.run('connector', 'run', '--once');
  expect([w.names(), (await w.json<{ readonly tenants: unknown }>('connector', 'status')).tenants]).toMatchObject([
    ['t1.smd.net'],
    [{ state: 'delete_guard', organization: 'Bakery' }],
  ]);
  expect(await w.run(...allowed)).toMatchObject({ code: 0 });
  expect(w.names()).toEqual([]);
});

test('cyberapp 10.1: an operator pauses, resumes and tries again; what is not there is said', SLOW, async () => {
  await using w = await pushedWorld();
  expect(await w.run('connector', 'pause', 'eu8')).toMatchObject({ code: 0 });
  const paused = await w.run('connector', 'run', '--once');
  expect(paused).toMatchObject({ code: 1, stdout: 'eu8  paused\n', stderr: expect.stringContaining('(CLI_CYBERAPP_RUN)') });
  expect(await w.json('connector', 'status')).toMatchObject({ datacenters: [{ state: 'paused: operator', until: null }] });
  expect(await w.run('connector', 'resume', 'EU8')).toMatchObject({ code: 0, stdout: expect.stringContaining('pushes there again') });
  expect(await w.run('connector', 'resume', 'eu8')).toMatchObject({ code: 0, stdout: expect.stringContaining('not paused') });

  expect(await w.run('connector', 'pause', w.bakery)).toMatchObject({ code: 0 });
  expect(await w.run('connector', 'run', '--once')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 skipped') });
  expect((await w.run('connector', 'status')).stdout).toMatch(/Bakery +eu8 +operator/);
  expect(w.fake.requests.writes).toBe(0);
  await w.run('connector', 'retry', w.bakery);
  expect(await w.run('connector', 'run', '--once')).toMatchObject({ stdout: expect.stringContaining('1 skipped') });
  await w.run('connector', 'resume', w.bakery);
  expect(await w.run('connector', 'run', '--once')).toMatchObject({ stdout: expect.stringContaining('1 created') });

  expect(await w.run('connector', 'retry', SITE)).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing of it') });
  expect(await w.run('connector', 'pause', 'us5')).toMatchObject({ code: 66 });
  expect(await w.run('connector', 'run')).toMatchObject({ code: 64 });
  expect(await w.run('connector', 'run', '--once', '--remote')).toMatchObject({ code: 64 });
  expect(await w.run('connector', 'run', '--once', '--org', TENANT)).toMatchObject({ code: 1 });
  await w.write([w.rest[0] ?? '']);
  expect(await w.run('connector', 'run', '--once')).toMatchObject({
    code: 66,
    stderr: expect.stringContaining('data center in [connector]'),
  });
});

test('cyberapp 10.1: an alert that an operator closes is dismissed at Acronis, and not raised again while it is true', SLOW, async () => {
  await using w = await pushedWorld('quota_near_percent = 20');
  expect(await w.run('connector', 'run', '--once')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 raised') });
  const [alert] = await w.json<readonly { readonly key: string }[]>('alert', 'list', '--open', '--org', w.bakery);
  expect(alert).toMatchObject({
    key: `disk_quota:near:${SITE}`,
    organization: 'Bakery',
    state: 'open',
    severity: 'warning',
    type: 'disk_quota_near',
  });
  expect(w.fake.openAlerts).toHaveLength(1);
  const key = alert?.key ?? '';
  expect(await w.run('alert', 'close', key)).toMatchObject({ code: 0, stdout: `dismissed in ${TENANT}\n` });
  expect(w.fake.openAlerts).toEqual([]);
  await w.run('connector', 'reconcile');
  expect([w.fake.openAlerts, w.fake.alerts]).toMatchObject([[], [{}]]);
  expect(await w.json('alert', 'list')).toEqual([expect.objectContaining({ key, state: 'dismissed' })]);
  expect(await w.json('alert', 'list', '--open')).toEqual([]);
  expect(await w.run('alert', 'close', key)).toMatchObject({ code: 66, stderr: expect.stringContaining('it is dismissed') });
  expect(await w.run('alert', 'close', 'nothing')).toMatchObject({ code: 66 });
});

test('cyberapp 4.11: what refuses every run is told with the reason, and does not lose its place', SLOW, async () => {
  await using w = await pushedWorld();
  const sections = [SITES, ...w.rest];
  await w.write(sections.map((text) => text.replace('client_secret = hush', 'client_secret = wrong')));
  const refused = await w.run('connector', 'run', '--once', '--json');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('eu8 paused') });
  expect(JSON.parse(refused.stdout)).toMatchObject([{ datacenter: 'eu8', outcome: 'paused' }]);
  const status = await w.run('connector', 'status', '--json');
  expect(JSON.parse(status.stdout)).toMatchObject({ datacenters: [{ state: 'paused: credentials rejected', until: expect.any(String) }] });
  expect(`${refused.stdout}${refused.stderr}${status.stdout}`).not.toContain('wrong');
  await w.write(sections);
  await w.run('connector', 'resume', 'eu8');
  expect(await w.run('connector', 'run', '--once')).toMatchObject({ code: 0 });
  expect(w.names()).toEqual(['t1.smd.net']);
});
