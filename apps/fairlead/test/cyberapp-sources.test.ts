import { FakeCloudStack } from '@fairlead/cloudstack/fake';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { cyberappDesk, mapCustomer, newCustomer, TENANT } from './support/cyberapp-desk.ts';

const SITE = 'bx:web1:vsite:site1';

interface Item {
  readonly source: string;
  readonly key: string;
  readonly kind: string;
}

/** A configuration with all three sources. */
async function newDesk() {
  await using scope = new AsyncScope();
  const pool = scope.use(await tempDir('fairlead-pool-'));
  const cloud = scope.use(await FakeCloudStack.start({ poolPath: pool.path }));
  await cloud.addVm({ name: 'shop-db-1', account: 'admin', cpu: 2, memoryMiB: 2048, disks: [] });
  const desk = scope.use(
    await cyberappDesk(async () => [
      `[cloudstack]\nendpoint = ${cloud.url}\napi_key = ${cloud.admin.apiKey}\nsecret_key = ${cloud.admin.secretKey}`,
      '[ovirt]\ninventory_refresh = 1s',
      '[image]\ndata_port = 0\nproxy_port = 0\ncontrol_port = 0',
      '[cce]\nbackend = embedded\nfixtures = demo\nhost_id = web1\nlisten_address = 127.0.0.1:0',
      '[ovh shop]\nendpoint = http://127.0.0.1:9/1.0\napplication_key = k\napplication_secret = s\nconsumer_key = c',
      '[cyberapp]\napp_code = vendor.app\nlisten_address = 127.0.0.1:0',
    ]),
  );
  const held = scope.move();
  return { ...desk, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
}

test('cyberapp 5.1: rules are added, listed and removed, and each refusal says why', async () => {
  await using desk = await newDesk();
  const bakery = await newCustomer(desk);
  const added = await desk.run('source', 'add', bakery, 'blueonyx', 'domain', 'smd.net', '--priority', '7');
  expect(added).toMatchObject({ code: 0 });
  const id = added.stdout.trim();
  expect(await desk.json('source', 'list')).toEqual([
    expect.objectContaining({
      ...{ id, source: 'blueonyx', kind: 'domain', selector: 'smd.net', priority: 7, organization: bakery, name: 'Bakery' },
    }),
  ]);
  const refusals = [
    ['cyberapp', 'domain', 'smd.net'],
    ['blueonyx', 'account', 'smd.net'],
    ['blueonyx', 'domain', 'smd.net'],
    ['blueonyx', 'site', 'smd.net'],
    ['blueonyx', 'site', 'web1/site2', '--priority', 'high'],
  ];
  for (const words of refusals)
    expect(await desk.run('source', 'add', bakery, ...words)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(CYBERAPP_SOURCE)'),
    });
  expect(await desk.run('source', 'remove', id)).toMatchObject({ code: 0, stdout: '' });
  expect(await desk.run('source', 'remove', id)).toMatchObject({ code: 66 });
  expect(await desk.json('source', 'list', '--org', bakery)).toEqual([]);
});

test('cyberapp 5.1: without a gateway that has read anything no source counts as whole, and each says why', async () => {
  await using desk = await newDesk();
  const { code, stdout, stderr } = await desk.run('source', 'unassigned', '--json');
  expect({ code, items: JSON.parse(stdout) }).toEqual({ code: 0, items: [] });
  for (const told of ['cloudstack: vm, volume, host, pool: not listed yet', 'blueonyx: CCE backend error: the engine has no objects yet'])
    expect(stderr).toContain(told);
  expect(stderr).toContain('ovh: shop: it has not been read yet');
  await desk.write([
    '[cce]\nunix_socket_path = /nowhere/cced.socket',
    '[cyberapp]\napp_code = vendor.app',
    '[ovh shop]\nendpoint = nowhere',
  ]);
  const away = await desk.run('source', 'unassigned');
  expect(away).toMatchObject({ code: 0, stderr: expect.stringContaining('blueonyx: CCE backend error') });
  expect(away.stderr).toMatch(/^ovh: .*shop/m);
});

test('cyberapp 5.1: beside a running gateway the same items are told, and a rule says whose they are', { timeout: 60_000 }, async () => {
  await using desk = await newDesk();
  await using _gateway = await desk.gateway();
  const all = await until(
    async () => {
      const items = await desk.json<readonly Item[]>('source', 'unassigned');
      return new Set(items.map(({ source }) => source)).size === 2 ? items : undefined;
    },
    { timeoutMs: 40_000, what: 'items of both sources' },
  );
  expect(all).toContainEqual(expect.objectContaining({ source: 'blueonyx', key: SITE, kind: 'web_site' }));
  const machine = all.find(({ source }) => source === 'cloudstack')?.key ?? '';
  expect(machine).toMatch(/^cs:[^:]+:vm:/);

  const bakery = await newCustomer(desk);
  await desk.run('source', 'add', bakery, 'blueonyx', 'domain', 'smd.net');
  await desk.run('source', 'add', bakery, 'blueonyx', 'site', 'web1/site1');
  const told = await desk.run('source', 'explain', SITE);
  expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining(`belongs to  Bakery  ${bakery}  by site web1/site1`) });
  expect(told.stdout).toContain('fits too  Bakery');
  expect(await desk.json('source', 'explain', machine)).toMatchObject({ key: machine, source: 'cloudstack', workload: true, rules: [] });
  expect(await desk.run('source', 'explain', 'bx:web1:vsite:site99')).toMatchObject({ code: 66 });
  const left = await desk.json<readonly Item[]>('source', 'unassigned');
  expect(left.map(({ key }) => key)).toEqual(all.map(({ key }) => key).filter((key) => key !== SITE));
});

test('cyberapp 10.1: a preview prints the very bodies, and nothing for whom nothing is pushed', { timeout: 60_000 }, async () => {
  await using desk = await newDesk();
  await using _gateway = await desk.gateway();
  const bakery = await newCustomer(desk);
  await desk.run('source', 'add', bakery, 'blueonyx', 'site', 'web1/site1');
  expect(await desk.run('preview', bakery)).toMatchObject({ code: 66, stderr: expect.stringContaining('unmapped') });
  await mapCustomer(desk, bakery);
  const bodies = await desk.json<{ readonly workloads: readonly Record<string, unknown>[] }>('preview', bakery.toUpperCase());
  expect(bodies).toMatchObject({ tenant: TENANT, datacenter: 'eu8', alerts: [] });
  expect(bodies.workloads).toEqual([
    {
      type: expect.stringMatching(/~vendor\.app\.web_site\.v1\.0$/),
      name: 't1.smd.net',
      attributes: expect.objectContaining({ fairlead_key: SITE, status: 'ONLINE' }),
      ...{ client_id: '', allowed_actions: [], tenant_id: TENANT, enabled: true, external_id: SITE },
    },
  ]);
  const shown = await desk.run('preview', bakery);
  expect(shown).toMatchObject({ code: 0, stderr: expect.stringContaining('no client for eu8') });
  expect(shown.stdout).toContain(SITE);
  expect(await desk.run('preview', TENANT)).toMatchObject({ code: 1 });
});

test('cyberapp 9.178: the manifest is printed as a page and as JSON, the same each time', async () => {
  await using desk = await newDesk();
  const base = ['--url', 'https://gateway.example:8444'];
  const page = await desk.run('manifest', ...base);
  expect(page).toMatchObject({ code: 0, stderr: '' });
  expect(page.stdout).toContain('`https://gateway.example:8444/callback`');
  expect(await desk.run('manifest', '--markdown', ...base)).toEqual(page);
  expect(await desk.json('manifest', ...base)).toMatchObject({
    app: 'vendor.app',
    endpoint: { url: 'https://gateway.example:8444/callback' },
  });
  const guessed = await desk.run('manifest');
  expect(guessed).toMatchObject({ code: 0, stderr: expect.stringContaining('--url') });
  expect(guessed.stdout).toContain('https://127.0.0.1:0/callback');
  expect(await desk.run('manifest', '--url', 'gateway.example')).toMatchObject({ code: 64 });
  expect(await desk.run('manifest', '--url', 'https://u:p@gateway.example')).toMatchObject({ code: 64 });
  expect(await desk.run('manifest', '--json', '--markdown')).toMatchObject({ code: 64 });
});
