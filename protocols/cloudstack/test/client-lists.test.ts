import { describe, expect, test } from 'vitest';
import { readVirtualMachine } from '../src/index.ts';
import { type Cloud, failure, openCloud } from './support.ts';

async function cloudWith(count: number): Promise<Cloud> {
  const cloud = await openCloud();
  for (let index = 0; index < count; index++) await cloud.fake.addVm({ name: `vm-${index}`, networks: [] });
  return cloud;
}

describe('lists', () => {
  test.each([
    [0, 1],
    [1, 2],
    [499, 2],
    [500, 2],
    [501, 3],
    [1200, 4],
  ])('%i instances come whole and in order, with %i calls', async (count, calls) => {
    await using cloud = await cloudWith(count);
    const names = await cloud.client().list('listVirtualMachines', (item) => readVirtualMachine(item).name, { details: 'min' });
    expect(names).toEqual(Array.from({ length: count }, (_none, index) => `vm-${index}`));
    expect(cloud.fake.calls).toHaveLength(calls);
  });

  test('max cuts the list and the page', async () => {
    await using cloud = await cloudWith(7);
    const names = await cloud.client().list('listVirtualMachines', (item) => readVirtualMachine(item).name, {}, { max: 3 });
    expect(names).toEqual(['vm-0', 'vm-1', 'vm-2']);
    expect(cloud.fake.calls).toHaveLength(1);
  });

  test('a list by id is one call', async () => {
    await using cloud = await cloudWith(2);
    const found = await cloud.client().list('listVirtualMachines', readVirtualMachine, { id: cloud.fake.vm('vm-1').id });
    expect(found.map((vm) => vm.name)).toEqual(['vm-1']);
    expect(cloud.fake.calls).toEqual(['listVirtualMachines']);
  });

  test('count asks for the smallest page', async () => {
    await using cloud = await cloudWith(12);
    expect(await cloud.client().count('listVirtualMachines')).toBe(12);
    expect(await cloud.client().count('listProjects')).toBe(0);
  });

  test('items count whatever their key is called', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listVMSnapshot', { kind: 'body', body: '{"listvmsnapshotresponse":{"count":1,"null":[{"id":"a"}]}}' });
    expect(await cloud.client().list('listVMSnapshot', (item) => item)).toEqual([{ id: 'a' }]);
  });

  test('a command that does not page gives its items once', async () => {
    await using cloud = await openCloud();
    const body = '{"listhypervisorsresponse":{"count":1,"hypervisor":[{"name":"KVM"}]}}';
    cloud.fake.faults.next('listZones', { kind: 'body', body }, Number.POSITIVE_INFINITY);
    expect(await cloud.client().list('listZones', (item) => item)).toEqual([{ name: 'KVM' }]);
  });

  test('two lists in one answer are refused', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'body', body: '{"x":{"a":[],"b":[]}}' });
    await failure(
      cloud.client().list('listZones', (item) => item),
      'CLOUDSTACK_BAD_ANSWER',
    );
  });

  test('an item of another shape is refused', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listVirtualMachines', { kind: 'body', body: '{"x":{"virtualmachine":[{"name":"no id"}]}}' });
    const error = await failure(cloud.client().list('listVirtualMachines', readVirtualMachine), 'CLOUDSTACK_BAD_ANSWER');
    expect(error.message).toBe("a virtualmachine in CloudStack's answer has no id");
  });

  test('a signal ends a list between pages', async () => {
    await using cloud = await cloudWith(600);
    const controller = new AbortController();
    const pages = cloud.client().pages('listVirtualMachines', {}, { signal: controller.signal });
    await pages.next();
    controller.abort(new Error('enough'));
    await expect(pages.next()).rejects.toThrow('enough');
  });
});

test('listApis is asked once and says what there is', async () => {
  await using cloud = await openCloud();
  const client = cloud.client();
  const [apis] = await Promise.all([client.listApis(), client.listApis()]);
  expect(apis.has('deployVirtualMachine')).toBe(true);
  expect(apis.has('startWonders')).toBe(false);
  expect(apis.hasParameter('createVolume', 'storageid')).toBe(true);
  expect(apis.hasParameter('createVolume', 'nosuch')).toBe(false);
  expect([apis.isAsync('createVolume'), apis.isAsync('deleteVolume')]).toEqual([true, false]);
  expect(cloud.fake.calls).toEqual(['listApis']);
});

test('listApis that failed is asked again', async () => {
  await using cloud = await openCloud();
  const client = cloud.client();
  cloud.fake.faults.next('listApis', { kind: 'html' });
  await failure(client.listApis(), 'CLOUDSTACK_BAD_ANSWER');
  expect((await client.listApis()).has('listZones')).toBe(true);
});
