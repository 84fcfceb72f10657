import { describe, expect, test } from 'vitest';
import type { Fault } from '../src/fake/index.ts';
import { dateText } from '../src/fake/time.ts';
import type { CloudStackErrorCode } from '../src/index.ts';
import { panel } from './panel.ts';
import { type Cloud, failure, openCloud } from './support.ts';

/** What the client of this package makes of each kind, and whether the command was carried out nevertheless. */
const KINDS: ReadonlyArray<readonly [fault: Fault, code: CloudStackErrorCode, done: boolean]> = [
  [{ kind: 'cut' }, 'CLOUDSTACK_UNREACHABLE', true],
  [{ kind: 'lost-answer' }, 'CLOUDSTACK_UNREACHABLE', true],
  [{ kind: 'reset' }, 'CLOUDSTACK_UNREACHABLE', false],
  [{ kind: 'hang' }, 'CLOUDSTACK_TIMEOUT', false],
  [{ kind: 'html' }, 'CLOUDSTACK_BAD_ANSWER', false],
  [{ kind: 'body', body: '{}' }, 'CLOUDSTACK_BAD_ANSWER', false],
  [{ kind: 'status', status: 401 }, 'CLOUDSTACK_NOT_OFFERED', false],
  [{ kind: 'status', status: 429, retryAfterMs: 60_000 }, 'CLOUDSTACK_RATE_LIMITED', false],
  [{ kind: 'status', status: 503 }, 'CLOUDSTACK_BAD_ANSWER', false],
  [{ kind: 'error', errorcode: 531, errortext: 'no' }, 'CLOUDSTACK_REFUSED', false],
  [{ kind: 'job', errorcode: 533, errortext: 'no capacity' }, 'CLOUDSTACK_JOB_FAILED', false],
  [{ kind: 'job-hang' }, 'CLOUDSTACK_JOB_TIMEOUT', false],
  [{ kind: 'job-lost' }, 'CLOUDSTACK_REFUSED', true],
  [{ kind: 'job-lost', effect: false }, 'CLOUDSTACK_REFUSED', false],
];

/** Both ways to the panel. */
const WAYS = ['by the object', 'by the control path'] as const;

async function set(cloud: Cloud, way: (typeof WAYS)[number], command: string, fault: Fault, times?: number): Promise<void> {
  if (way === 'by the object') cloud.fake.faults.next(command, fault, times);
  else await panel(cloud.fake).put('faults', { command, fault, ...(times === undefined ? {} : { times }) });
}

describe.each(WAYS)('the fault panel, set %s', (way) => {
  test.each(KINDS)('%j ends a command with %s', async (fault, code, done) => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    await set(cloud, way, 'startVirtualMachine', fault);
    const client = cloud.client({ timeoutMs: fault.kind === 'hang' ? 100 : 30_000 });
    const error = await failure(client.run('startVirtualMachine', { id: vm.id }, { deadlineMs: 60_000 }), code);
    if (fault.kind === 'job-lost') expect([error.command, error.errorCode]).toEqual(['queryAsyncJobResult', 431]);
    await cloud.fake.settle();
    expect(vm.state).toBe(done ? 'Running' : 'Stopped');
    expect(cloud.fake.faults.list()).toEqual([]);
  });

  test('a delay is only late', async () => {
    await using cloud = await openCloud();
    await set(cloud, way, '*', { kind: 'delay', ms: 20 });
    expect(await cloud.client().call('listZones')).toMatchObject({ count: 1 });
    expect(cloud.fake.faults.list()).toEqual([]);
  });

  test('401 of everything is lost credentials', async () => {
    await using cloud = await openCloud();
    await set(cloud, way, '*', { kind: 'status', status: 401 }, 2);
    await failure(cloud.client().call('listZones'), 'CLOUDSTACK_UNAUTHORIZED');
  });

  test('a fault counts once, n times, or until it is cleared, for one command or for all', async () => {
    await using cloud = await openCloud();
    const client = cloud.client();
    const outcome = (command: string) =>
      client.call(command).then(
        () => 'ok',
        () => 'fault',
      );
    await set(cloud, way, 'listZones', { kind: 'html' });
    await set(cloud, way, 'listHosts', { kind: 'html' }, 2);
    expect([await outcome('listZones'), await outcome('listZones')]).toEqual(['fault', 'ok']);
    expect([await outcome('listHosts'), await outcome('listHosts'), await outcome('listHosts')]).toEqual(['fault', 'fault', 'ok']);
    if (way === 'by the object') cloud.fake.faults.next('*', { kind: 'html' }, Number.POSITIVE_INFINITY);
    else await panel(cloud.fake).put('faults', { fault: { kind: 'html' }, times: 'until cleared' });
    for (let call = 0; call < 20; call++) expect(await outcome('listPods')).toBe('fault');
    if (way === 'by the object') cloud.fake.faults.clear();
    else await panel(cloud.fake).delete('faults');
    expect(await outcome('listPods')).toBe('ok');
  });

  test('the clock turns expiries and the times of jobs', async () => {
    await using cloud = await openCloud({ jobDelayMs: 60_000 });
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    const client = cloud.client({ clock: { now: () => start, sleep: () => Promise.resolve() } });
    const start = cloud.fake.clock.now();
    const { jobid } = (await client.call('startVirtualMachine', { id: vm.id })) as { jobid: string };
    const turn = async (ms: number) => {
      if (way === 'by the object') cloud.fake.clock.advance(ms);
      else await panel(cloud.fake).put('clock', { advanceMs: ms });
    };
    await turn(59_000);
    expect((await client.queryJob(jobid)).jobstatus).toBe(0);
    await turn(1000);
    expect(await client.queryJob(jobid)).toMatchObject({ jobstatus: 1, completed: dateText(start + 60_000) });
    await turn(600_000);
    await failure(client.call('listZones'), 'CLOUDSTACK_UNAUTHORIZED');
  });
});

test('a list is repeated after a reset, a lost answer and a cut, and the caller notices nothing', async () => {
  await using cloud = await openCloud();
  for (const kind of ['reset', 'lost-answer', 'cut'] as const) {
    cloud.fake.faults.next('listZones', { kind });
    expect(await cloud.client().call('listZones')).toMatchObject({ count: 1 });
  }
  expect(cloud.fake.calls).toEqual(Array(6).fill('listZones'));
});

test('what is asked twice after a lost answer was done twice: the client never repeats a change by itself', async () => {
  await using cloud = await openCloud();
  const [zone, offering] = [cloud.fake.cloud.zone.id, cloud.fake.cloud.diskOfferings[0]?.id];
  cloud.fake.faults.next('createVolume', { kind: 'lost-answer' });
  const create = () => cloud.client().call('createVolume', { name: 'twin', zoneid: zone, diskofferingid: offering });
  await failure(create(), 'CLOUDSTACK_UNREACHABLE');
  expect(cloud.fake.cloud.volumes.filter((row) => row.name === 'twin')).toHaveLength(1);
  await create();
  expect(cloud.fake.cloud.volumes.filter((row) => row.name === 'twin')).toHaveLength(2);
});

test('a lost job is in no list either', async () => {
  await using cloud = await openCloud({ jobDelayMs: 1000 });
  const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
  cloud.fake.faults.next('startVirtualMachine', { kind: 'job-lost' });
  await cloud.client().call('startVirtualMachine', { id: vm.id });
  expect(await cloud.client().call('listAsyncJobs', { listall: true })).toEqual({});
  cloud.fake.clock.advance(1000);
  await cloud.fake.settle();
  expect(vm.state).toBe('Running');
});
