import { describe, expect, test } from 'vitest';
import { readVirtualMachine } from '../src/index.ts';
import { failure, openCloud } from './support.ts';

describe('jobs', () => {
  test('run gives the object that came of it, and says the job before it waits', async () => {
    await using cloud = await openCloud({ jobDelayMs: 3000 });
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    const seen: unknown[] = [];
    const onJob = (jobId: string, id: string | undefined) => void seen.push([jobId.length, id, vm.state]);
    const result = readVirtualMachine(await cloud.client().run('startVirtualMachine', { id: vm.id }, { onJob }));
    expect([result.state, vm.state]).toEqual(['Running', 'Running']);
    expect(seen).toEqual([[36, undefined, 'Starting']]);
  });

  test('polls are 0.5, 1, 2, 3 … at most 5 s apart', async () => {
    await using cloud = await openCloud({ jobDelayMs: 30_000 });
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    await cloud.client().run('startVirtualMachine', { id: vm.id });
    expect(cloud.waits.slice(0, 8)).toEqual([500, 1000, 2000, 3000, 4000, 5000, 5000, 5000]);
  });

  test('a failed job is an error with code and text', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    cloud.fake.faults.next('startVirtualMachine', { kind: 'job', errorcode: 533, errortext: 'Unable to create a deployment' });
    const error = await failure(cloud.client().run('startVirtualMachine', { id: vm.id }), 'CLOUDSTACK_JOB_FAILED');
    expect([error.errorCode, error.errorText, error.jobId?.length]).toEqual([533, 'Unable to create a deployment', 36]);
    expect(vm.state).toBe('Stopped');
  });

  test('a job that never ends ends at the deadline', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    cloud.fake.faults.next('startVirtualMachine', { kind: 'job-hang' });
    const error = await failure(cloud.client().run('startVirtualMachine', { id: vm.id }, { deadlineMs: 60_000 }), 'CLOUDSTACK_JOB_TIMEOUT');
    expect(error.jobId).toBe(cloud.fake.cloud.jobs.pending[0]?.id);
    expect(cloud.waits.reduce((sum, wait) => sum + wait, 0)).toBe(60_000);
  });

  test('polls outlive a server that restarts', async () => {
    await using cloud = await openCloud({ jobDelayMs: 3000 });
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    cloud.fake.faults.next('queryAsyncJobResult', { kind: 'reset' }, 4);
    cloud.fake.faults.next('queryAsyncJobResult', { kind: 'status', status: 503 }, 2);
    await cloud.client().run('startVirtualMachine', { id: vm.id });
    expect(vm.state).toBe('Running');
  });

  test('a job can be found again by its id', async () => {
    await using cloud = await openCloud({ jobDelayMs: 3000 });
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    const client = cloud.client();
    const answer = (await client.call('startVirtualMachine', { id: vm.id })) as { jobid: string };
    expect((await client.queryJob(answer.jobid)).jobstatus).toBe(0);
    const { job } = await cloud.client().job(answer.jobid);
    expect([job.jobstatus, job.jobinstanceid]).toEqual([1, vm.id]);
  });

  test('an unknown job is refused at once', async () => {
    await using cloud = await openCloud();
    const error = await failure(cloud.client().job('00000000-0000-0000-0000-000000000000'), 'CLOUDSTACK_REFUSED');
    expect(error.errorCode).toBe(431);
  });

  test('a signal ends the wait', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
    cloud.fake.faults.next('startVirtualMachine', { kind: 'job-hang' });
    const controller = new AbortController();
    const run = cloud
      .client()
      .run('startVirtualMachine', { id: vm.id }, { signal: controller.signal, onJob: () => controller.abort(new Error('enough')) });
    await expect(run).rejects.toThrow('enough');
  });

  test('a synchronous command gives its object without a job', async () => {
    await using cloud = await openCloud();
    const vm = await cloud.fake.addVm({ name: 'one' });
    const result = readVirtualMachine(await cloud.client().run('updateVirtualMachine', { id: vm.id, displayname: 'Two' }));
    expect(result.displayname).toBe('Two');
    expect(cloud.fake.calls).toEqual(['updateVirtualMachine']);
  });
});
