import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const LISTS = ['listVirtualMachines', 'listVolumes', 'listHosts', 'listNetworks', 'listStoragePools', 'listClusters', 'listZones'];

async function vmNames(harness: Harness, user = 'admin@internal'): Promise<unknown[]> {
  const reply = await harness.api('/vms', { user });
  expect(reply.status).toBe(200);
  return (reply.json.vm as { name: string }[]).map((vm) => vm.name);
}

function addMany(count: number) {
  return async (fake: Parameters<NonNullable<Parameters<typeof startHarness>[0]>['prepare'] & object>[0]) => {
    // A network of the fake has 250 addresses.
    const networks = count > 200 ? { networks: [] } : {};
    for (let index = 0; index < count; index++) await fake.addVm({ name: `vm-${index}`, account: 'alice', ...networks });
  };
}

test.each([1, 499, 500, 501, 1200])('ovirt 12.9: %i VMs with all their links take few calls, and the second time none', async (count) => {
  await using harness = await startHarness({ prepare: addMany(count) });
  const follow = '/vms?follow=tags,reported_devices,cluster,host,disk_attachments.disk,nics';

  const first = await harness.api(follow);
  await harness.listed();
  const calls = harness.fake.calls.filter((command) => LISTS.includes(command)).length;
  const second = await harness.api(follow);

  expect((first.json.vm as unknown[]).length).toBe(count);
  expect(calls).toBeLessThanOrEqual(16);
  expect(harness.fake.calls.filter((command) => LISTS.includes(command)).length).toBe(calls);
  expect(second.text).toBe(first.text);
});

test('many requests at once share one list', async () => {
  await using harness = await startHarness({ prepare: addMany(3) });

  const replies = await Promise.all(Array.from({ length: 10 }, () => vmNames(harness)));

  expect(new Set(replies.map(String)).size).toBe(1);
  expect(harness.fake.calls.filter((command) => command === 'listVirtualMachines').length).toBeLessThanOrEqual(2);
});

test('a VM that somebody else made is found by id at once, and listed after the refresh', async () => {
  await using harness = await startHarness({ prepare: addMany(1) });
  await vmNames(harness, 'alice@tenants');
  const { id } = await harness.fake.addVm({ name: 'late', account: 'alice' });

  const byId = await harness.api(`/vms/${id}`, { user: 'alice@tenants' });
  const foreign = await harness.api(`/vms/${id}`, { user: 'bob@tenants' });

  expect([byId.status, byId.json.name, foreign.status]).toEqual([200, 'late', 404]);
  expect(await vmNames(harness, 'alice@tenants')).toEqual(['late', 'vm-0']);
});

test('the inventory is refreshed in the background', async () => {
  await using harness = await startHarness({ prepare: addMany(1) });
  await vmNames(harness);
  await harness.fake.addVm({ name: 'late', account: 'bob' });
  expect(await vmNames(harness)).toEqual(['vm-0']);

  await until(async () => {
    harness.clock.advance(61_000);
    return (await vmNames(harness)).includes('late');
  });
});

test('a tenant loses sight of a VM that is taken from him when his list is renewed', async () => {
  await using harness = await startHarness({ prepare: addMany(2) });
  expect(await vmNames(harness, 'alice@tenants')).toHaveLength(2);
  const bob = harness.fake.cloud.accounts.find((row) => row.name === 'bob');
  harness.fake.vm('vm-0').owner = bob as never;

  harness.clock.advance(61_000);

  expect(await vmNames(harness, 'alice@tenants')).toEqual(['vm-1']);
});

test('the state of a VM that is changing is asked for each time it is looked at', async () => {
  await using harness = await startHarness({ prepare: addMany(1) });
  const vm = harness.fake.vm('vm-0');
  vm.state = 'Starting';
  await vmNames(harness);
  expect((await harness.api(`/vms/${vm.id}`)).json.status).toBe('powering_up');

  vm.state = 'Running';

  expect((await harness.api(`/vms/${vm.id}`)).json.status).toBe('up');
});

test('a restarted gateway answers from its rows', async () => {
  await using folder = await tempDir('fairlead-store-');
  const storeUrl = `sqlite:${folder.path}/fairlead.db`;
  let instanceId: unknown;
  {
    await using first = await startHarness({ storeUrl, prepare: addMany(2) });
    expect(await vmNames(first)).toHaveLength(2);
    instanceId = ((await first.api('')).json.product_info as { instance_id: string }).instance_id;
  }
  await using second = await startHarness({
    storeUrl,
    prepare: (fake) => {
      for (const command of LISTS) fake.faults.next(command, { kind: 'hang' }, 1000);
    },
  });

  expect(((await second.api('')).json.product_info as { instance_id: string }).instance_id).toBe(instanceId);
});
