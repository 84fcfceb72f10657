import type { FakeCloudStack, Fault } from '@fairlead/cloudstack/fake';
import type { InventoryFact, InventoryItem } from '@fairlead/kernel/services';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const { signal } = new AbortController();

const sourceOf = (harness: Harness) => harness.context.services.get('inventory.cloudstack');

async function itemsOf(harness: Harness): Promise<ReadonlyMap<string, InventoryItem>> {
  const { items } = await sourceOf(harness).list(signal);
  return new Map(items.map((item) => [item.name, item]));
}

async function factOf(harness: Harness, key: string, code: string): Promise<InventoryFact | undefined> {
  const { facts } = await sourceOf(harness).conditions(signal);
  return facts.find((fact) => fact.key === key && fact.code === code);
}

/** The next refresh, and a fact that it has brought. */
async function seenAs(harness: Harness, key: string, code: string, value: unknown): Promise<InventoryFact> {
  return await until(async () => {
    harness.clock.advance(61_000);
    const fact = await factOf(harness, key, code);
    return fact?.value === value ? fact : undefined;
  });
}

/** Answers of CloudStack for hosts and pools other than the fake's own. */
function answer(list: string, kind: string, rows: readonly object[]): Fault {
  const body = JSON.stringify({ [`${list.toLowerCase()}response`]: { count: rows.length, [kind]: rows } });
  return { kind: 'body', status: 200, contentType: 'application/json', body };
}

async function addCustomers(fake: FakeCloudStack): Promise<void> {
  await fake.addVm({
    name: 'a1',
    displayname: 'Alice one',
    account: 'alice',
    state: 'Running',
    memoryMiB: 512,
    disks: [{ sizeGiB: 2 }, {}],
  });
  await fake.addVm({ name: 'b1', account: 'bob', tags: { customer: 'bob', env: 'test' } });
  const shop = fake.addProject('shop', ['alice']);
  const project = await fake.addVm({ name: 'p1', account: 'alice' });
  const owner = fake.cloud.accounts.find((row) => row.project === shop);
  if (owner !== undefined) project.owner = owner;
  await fake.addVm({ name: 'root1' });
  (await fake.addVm({ name: 'broken', account: 'bob' })).state = 'Error';
  (await fake.addVm({ name: 'gone', account: 'bob' })).state = 'Destroyed';
}

test('VMs of accounts and projects are told with whose they are; what is destroyed is not told', async () => {
  await using harness = await startHarness({ prepare: addCustomers });
  await harness.listed();
  const { fake } = harness;

  const items = await itemsOf(harness);
  const ownersOf = (name: string) => items.get(name)?.owner.map(({ kind, selector }) => `${kind} ${selector}`);

  expect((await sourceOf(harness).list(signal)).complete).toBe(true);
  expect([...items.keys()].toSorted()).toEqual(['Alice one', 'b1', 'broken', 'kvm1', 'p1', 'primary0', 'root1']);
  expect(ownersOf('Alice one')).toEqual([`vm ${fake.vm('a1').id}`, 'account ROOT/tenants/alice', 'domain ROOT/tenants']);
  expect(ownersOf('b1')).toEqual([
    `vm ${fake.vm('b1').id}`,
    'tag customer=bob',
    'tag env=test',
    'account ROOT/tenants/bob',
    'domain ROOT/tenants',
  ]);
  expect(ownersOf('p1')).toEqual([`vm ${fake.vm('p1').id}`, `project ${fake.cloud.projects[0]?.id}`, 'domain ROOT/tenants']);
  expect(ownersOf('root1')?.slice(1)).toEqual(['account ROOT/admin', 'domain ROOT']);
  expect([ownersOf('kvm1'), ownersOf('primary0')]).toEqual([[], []]);
});

test('a VM is told in bytes and UTC, with its host', async () => {
  await using harness = await startHarness({ prepare: addCustomers });
  await harness.listed();
  const { fake } = harness;
  const vm = fake.vm('a1');

  const items = await itemsOf(harness);

  expect(items.get('Alice one')).toMatchObject({ key: `cs:main:vm:${vm.id}`, kind: 'virtual_machine' });
  expect(items.get('Alice one')?.attributes).toEqual({
    status: 'ONLINE',
    state: 'Running',
    hostname: 'a1',
    mac_address: vm.nics[0]?.mac.toLowerCase(),
    ip_address: vm.nics[0]?.ip,
    ip_addresses: vm.nics[0]?.ip,
    os: 'CentOS 5.6 (64-bit)',
    cpu_count: 1,
    memory_bytes: 512 * 1024 ** 2,
    disk_bytes: 3 * 1024 ** 3,
    zone: 'zone1',
    owner: 'ROOT/tenants/alice',
    offering: 'Small Instance',
    created: new Date(Math.floor(vm.created / 1000) * 1000).toISOString(),
    host_id: fake.cloud.hosts[0]?.id,
    backup_status: 'NEVER',
  });
  expect(items.get('broken')?.attributes).toMatchObject({ status: 'ERROR', state: 'Error' });
  expect(items.get('kvm1')).toMatchObject({ key: `cs:main:host:${fake.cloud.hosts[0]?.id}`, kind: 'host' });
  expect(items.get('primary0')).toMatchObject({ key: `cs:main:pool:${fake.cloud.pools[0]?.id}`, kind: 'storage_pool' });
});

test('a state is told since it was seen, other states meanwhile keep their beginning', async () => {
  await using harness = await startHarness({ prepare: addCustomers });
  await harness.listed();
  const [a1, b1] = ['a1', 'b1'].map((name) => `cs:main:vm:${harness.fake.vm(name).id}`) as [string, string];
  const [running, stopped] = [await factOf(harness, a1, 'state'), await factOf(harness, b1, 'state')];

  harness.fake.vm('a1').state = 'Error';
  const before = harness.clock.now();
  const error = await seenAs(harness, a1, 'state', 'Error');
  harness.fake.vm('b1').displayname = 'renamed';
  await until(async () => {
    harness.clock.advance(61_000);
    return (await itemsOf(harness)).has('renamed');
  });

  expect([running?.value, stopped?.value]).toEqual(['Running', 'Stopped']);
  expect(error.since).toBeGreaterThan(before);
  expect(await factOf(harness, a1, 'state')).toEqual(error);
  expect(await factOf(harness, b1, 'state')).toEqual(stopped);
});

test('a VM that is destroyed takes its facts along', async () => {
  await using harness = await startHarness({ prepare: addCustomers });
  await harness.listed();
  const key = `cs:main:vm:${harness.fake.vm('broken').id}`;
  expect((await factOf(harness, key, 'state'))?.value).toBe('Error');

  harness.fake.vm('broken').state = 'Destroyed';
  await until(async () => {
    harness.clock.advance(61_000);
    return !(await itemsOf(harness)).has('broken');
  });

  expect((await sourceOf(harness).conditions(signal)).facts.filter((fact) => fact.key === key)).toEqual([]);
});

test('the state of a host and the share of a pool that is used are told', async () => {
  await using harness = await startHarness({
    prepare: ({ faults }) => {
      const hosts = [{ id: 'h1', name: 'kvm1', state: 'Down', resourcestate: 'Enabled' }];
      const pools = [{ id: 'p1', name: 'primary0', state: 'Up', disksizetotal: 1000, disksizeused: 875 }];
      faults.next('listHosts', answer('listHosts', 'host', hosts));
      faults.next('listStoragePools', answer('listStoragePools', 'storagepool', pools));
    },
  });
  await harness.listed();

  expect(await factOf(harness, 'cs:main:host:h1', 'host_state')).toMatchObject({ value: 'Down', detail: { resource_state: 'Enabled' } });
  const share = await factOf(harness, 'cs:main:pool:p1', 'used_share');
  expect(share?.value).toBe(0.875);

  const fuller = [{ id: 'p1', name: 'primary0', state: 'Up', disksizetotal: 1000, disksizeused: 951 }];
  harness.fake.faults.next('listStoragePools', answer('listStoragePools', 'storagepool', fuller));
  harness.clock.advance(61_000);
  const full = await until(async () => {
    const fact = await factOf(harness, 'cs:main:pool:p1', 'used_share');
    return fact?.value === 0.951 ? fact : undefined;
  });
  expect(full.since).toBe(share?.since);
});

test('while CloudStack is away the last that is known is told as incomplete, with the reason; afterwards it is complete again', async () => {
  await using harness = await startHarness({ prepare: addCustomers });
  await harness.listed();
  const source = sourceOf(harness);
  const known = await source.list(signal);
  const facts = await source.conditions(signal);

  harness.fake.faults.next('*', { kind: 'reset' }, Number.POSITIVE_INFINITY);
  harness.clock.advance(61_000);
  const away = await until(async () => {
    const list = await source.list(signal);
    return list.complete ? undefined : list;
  });
  const awayFacts = await source.conditions(signal);
  harness.fake.faults.clear();
  const back = await until(async () => {
    harness.clock.advance(61_000);
    const list = await source.list(signal);
    return list.complete ? list : undefined;
  });

  expect([known.complete, facts.complete]).toEqual([true, true]);
  expect(away).toMatchObject({ items: known.items, reason: expect.stringContaining('vm, volume, host, pool: CloudStack does not answer') });
  expect(awayFacts).toMatchObject({ complete: false, facts: facts.facts });
  expect(back.items).toEqual(known.items);
});

test('a CloudStack that does not answer at all makes what is kept old after some minutes, and nobody waits for it', async () => {
  await using harness = await startHarness({ prepare: addCustomers });
  await harness.listed();
  const known = await sourceOf(harness).list(signal);
  harness.fake.faults.next('*', { kind: 'hang' }, Number.POSITIVE_INFINITY);

  harness.clock.advance(6 * 60_000);
  const list = await sourceOf(harness).list(signal);

  expect(list).toEqual({
    complete: false,
    items: known.items,
    reason: expect.stringMatching(/^vm.* last listed at 20.*pool: last listed at 20/),
  });
});

test('a kind that cannot be listed does not keep the others from being listed', async () => {
  await using harness = await startHarness({ prepare: addCustomers });
  await harness.listed();
  harness.fake.faults.next('listStoragePools', { kind: 'error', errorcode: 530, errortext: 'broken' }, Number.POSITIVE_INFINITY);
  await harness.fake.addVm({ name: 'late', account: 'bob' });

  const items = await until(async () => {
    harness.clock.advance(61_000);
    const found = await itemsOf(harness);
    return found.has('late') ? found : undefined;
  });
  // The kinds of one round are listed one after the other.
  const list = await until(async () => {
    harness.clock.advance(61_000);
    const told = await sourceOf(harness).list(signal);
    return told.reason?.startsWith('pool: ') ? told : undefined;
  });

  expect([list.complete, list.reason]).toEqual([false, expect.stringMatching(/^pool: .*broken/)]);
  expect(items.get('primary0')?.kind).toBe('storage_pool');
});

test.each([
  ['without a service key', { serviceKey: false }, 'there is no service key'],
  [
    'with a service key that is no root admin’s',
    { prepare: (fake: FakeCloudStack) => void Object.assign(fake.userRow('admin').account, { type: 0 }) },
    'is not a root admin',
  ],
])('%s the inventory is incomplete and says why', async (_what, options, reason) => {
  await using harness = await startHarness(options);

  const list = await until(async () => {
    const told = await sourceOf(harness).list(signal);
    return told.reason?.includes('not listed yet') ? undefined : told;
  });

  expect(list).toEqual({ complete: false, items: [], reason: expect.stringContaining(reason) });
  expect(await sourceOf(harness).conditions(signal)).toEqual({ complete: false, facts: [], reason: list.reason });
});

test('a restarted gateway tells since when something is so as before, and what it knew while CloudStack is away', async () => {
  await using folder = await tempDir('fairlead-store-');
  const storeUrl = `sqlite:${folder.path}/fairlead.db`;
  let before: { readonly items: readonly InventoryItem[]; readonly facts: readonly InventoryFact[] };
  {
    await using first = await startHarness({ storeUrl, prepare: addCustomers });
    await first.listed();
    const { facts } = await sourceOf(first).conditions(signal);
    before = { items: (await sourceOf(first).list(signal)).items, facts };
  }
  await using second = await startHarness({
    storeUrl,
    prepare: ({ faults }) => faults.next('*', { kind: 'reset' }, Number.POSITIVE_INFINITY),
  });

  const { items } = await sourceOf(second).list(signal);
  const { facts } = await sourceOf(second).conditions(signal);

  expect({ items, facts }).toEqual(before);
  expect(facts.length).toBeGreaterThan(6);
});

test('500 VMs are told from the rows: CloudStack is asked nothing for it, and a list is small', async () => {
  await using harness = await startHarness({ cloud: { crowd: 500 } });
  await harness.listed();
  const source = sourceOf(harness);
  const calls = harness.fake.calls.length;

  const list = await source.list(signal);
  const { facts } = await source.conditions(signal);

  expect(harness.fake.calls).toHaveLength(calls);
  expect(list.items.filter((item) => item.kind === 'virtual_machine')).toHaveLength(500);
  expect(facts.filter((fact) => fact.code === 'state')).toHaveLength(500);
  expect(JSON.stringify(list.items).length / 500).toBeLessThan(2048);
});

test('nothing of it is a secret, and no fact names a host or a pool', async () => {
  await using harness = await startHarness({ prepare: addCustomers });
  const vm = harness.fake.vm('a1');
  vm.userdata = 'c2VjcmV0';
  vm.details = { 'vnc.password': 'hidden-word' };
  await harness.listed();

  const items = JSON.stringify(await sourceOf(harness).list(signal));
  const facts = JSON.stringify(await sourceOf(harness).conditions(signal));
  const { apiKey, secretKey, password } = harness.fake.admin;

  for (const secret of [apiKey, secretKey, password, 'c2VjcmV0', 'hidden-word', harness.fake.poolPath]) {
    expect(items).not.toContain(secret);
    expect(facts).not.toContain(secret);
  }
  expect(facts).not.toMatch(/kvm1|primary0/);
});

test('whoever has given up is not answered', async () => {
  await using harness = await startHarness();
  const gone = AbortSignal.abort(new Error('enough'));

  await expect(sourceOf(harness).list(gone)).rejects.toThrow('enough');
  await expect(sourceOf(harness).conditions(gone)).rejects.toThrow('enough');
});
