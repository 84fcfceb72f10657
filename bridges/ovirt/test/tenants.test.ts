import { expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

async function namesFor(harness: Harness, user: string, segment: string): Promise<string[]> {
  const reply = await harness.api(`/${segment}`, { user });
  const [items] = Object.values(reply.json) as { name: string }[][];
  return (items ?? []).map((item) => item.name);
}

const twoTenants = {
  prepare: async (fake: Parameters<NonNullable<Parameters<typeof startHarness>[0]>['prepare'] & object>[0]) => {
    await fake.addVm({ name: 'web', account: 'alice', tags: { veeam_tag: 'gold' } });
    await fake.addVm({ name: 'mail', account: 'bob', tags: { veeam_tag: 'silver' } });
  },
};

test.each([true, false])(
  'ovirt 12.25: a tenant sees what is his, and nothing of the others by id (service key: %s)',
  async (serviceKey) => {
    await using harness = await startHarness({ ...twoTenants, serviceKey });

    expect(await namesFor(harness, 'alice@tenants', 'vms')).toEqual(['web']);
    expect(await namesFor(harness, 'bob@tenants', 'vms')).toEqual(['mail']);
    expect(await namesFor(harness, 'admin@internal', 'vms')).toEqual(['mail', 'web']);
    expect(await namesFor(harness, 'alice@tenants', 'networks')).toEqual(['net-alice']);
    expect(await namesFor(harness, 'alice@tenants', 'tags')).toEqual(['root', 'gold']);
    const { id } = harness.fake.vm('mail');
    const network = harness.fake.cloud.networks.find((row) => row.name === 'net-bob')?.id;
    for (const path of [`vms/${id}`, `vms/${id}/tags`, `vms/${id}/reporteddevices`, `vms/${id}/permissions`, `networks/${network}`])
      expect([path, (await harness.api(`/${path}`, { user: 'alice@tenants' })).status]).toEqual([path, 404]);
  },
);

test('a domain admin sees all of his domain', async () => {
  await using harness = await startHarness(twoTenants);

  expect(await namesFor(harness, 'dadmin@tenants', 'vms')).toEqual(['mail', 'web']);
});

test('a tenant finds cluster, host and storage with the service key only', async () => {
  await using withKey = await startHarness(twoTenants);
  await using without = await startHarness({ ...twoTenants, serviceKey: false });

  for (const segment of ['clusters', 'hosts', 'storagedomains']) {
    expect(await namesFor(withKey, 'alice@tenants', segment), segment).toHaveLength(1);
    expect(await namesFor(without, 'alice@tenants', segment), segment).toHaveLength(0);
  }
});

test('the VMs of a project are seen by its members', async () => {
  await using harness = await startHarness({
    prepare: async (fake) => {
      const project = fake.addProject('shop', ['alice']);
      const account = fake.cloud.accounts.find((row) => row.project === project)?.name ?? '';
      await fake.addVm({ name: 'till', account, networks: [] });
    },
  });
  const { id } = harness.fake.vm('till');

  expect(await namesFor(harness, 'alice@tenants', 'vms')).toEqual(['till']);
  expect((await harness.api(`/vms/${id}`, { user: 'alice@tenants' })).json.comment).toContain('project shop');
  expect(await namesFor(harness, 'bob@tenants', 'vms')).toEqual([]);
  expect((await harness.api(`/vms/${id}`, { user: 'bob@tenants' })).status).toBe(404);
});

test('allow lists hide zones, pools and networks, for one profile or for all', async () => {
  await using hidden = await startHarness({ ...twoTenants, ovirt: { pools: ['other'], networks: ['net-alice'] } });
  const lists = { domain: 'tenants', zones: ['elsewhere'], pools: [], networks: [] };
  await using profiled = await startHarness({ ...twoTenants, profiles: { limited: lists } });

  expect(await namesFor(hidden, 'admin@internal', 'storagedomains')).toEqual([]);
  expect(await namesFor(hidden, 'admin@internal', 'vnicprofiles')).toEqual(['net-alice']);
  expect(await namesFor(profiled, 'alice@limited', 'vms')).toEqual([]);
  expect(await namesFor(profiled, 'alice@limited', 'clusters')).toEqual([]);
  expect(await namesFor(profiled, 'alice@tenants', 'vms')).toEqual(['web']);
});

test('row numbers of CloudStack are never passed on as ids', async () => {
  await using harness = await startHarness(twoTenants);

  for (const id of ['1', '4', '%20', 'null', '-1']) expect((await harness.api(`/vms/${id}`, { user: 'alice@tenants' })).status).toBe(400);
});
