import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { Control } from '../src/fake/control.ts';
import { Front } from '../src/fake/front.ts';
import { panel } from './panel.ts';
import { failure, openCloud } from './support.ts';

test('GET /_fake/ shows the clock, the faults, the host, the settings and the calls', async () => {
  await using cloud = await openCloud();
  await cloud.client().call('listZones');
  cloud.fake.faults.next('listHosts', { kind: 'html', status: 503 }, Number.POSITIVE_INFINITY);
  cloud.fake.agent.refuse('stopBackup', { no: 'busy' });
  cloud.fake.clock.advance(5000);
  expect(await panel(cloud.fake).get()).toMatchObject({
    clock: { now: new Date(cloud.fake.clock.now()).toISOString(), turnedByMs: 5000 },
    faults: [{ command: 'listHosts', fault: { kind: 'html', status: 503 }, times: 'until cleared' }],
    agent: { refusals: [{ step: 'stopBackup', answer: { no: 'busy' }, times: 1 }], asked: [] },
    settings: { exportApis: true, backupProvider: 'dummy', enforceTimestamps: false, throttle: null, costs: null },
    calls: { listZones: 1 },
  });
});

test('settings are changed while the fake runs', async () => {
  await using cloud = await openCloud();
  const control = panel(cloud.fake);
  await control.put('settings', {
    exportApis: false,
    throttle: { max: 0, intervalMs: 60_000 },
    costs: { scale: 0 },
    backupProvider: 'nas',
  });
  await failure(cloud.client().call('listImageTransfers'), 'CLOUDSTACK_NOT_OFFERED');
  await failure(cloud.client({ user: 'bob' }).call('listZones'), 'CLOUDSTACK_RATE_LIMITED');
  expect(await control.put('settings', { throttle: null, costs: null })).toMatchObject({
    settings: { exportApis: false, throttle: null, costs: null, backupProvider: 'nas' },
  });
  await cloud.client({ user: 'bob' }).call('listZones');
});

test('the host is told to refuse, and to stop refusing', async () => {
  await using cloud = await openCloud();
  const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
  const control = panel(cloud.fake);
  const start = () => cloud.client().run('startBackup', { virtualmachineid: vm.id });
  await control.put('agent', { step: 'startBackup', answer: { no: 'not today' }, times: 'until cleared' });
  for (let again = 0; again < 3; again++)
    expect((await failure(start(), 'CLOUDSTACK_JOB_FAILED')).errorText).toBe('Failed to start Backup: not today');
  await control.delete('agent?step=startBackup');
  await start();
});

test('the clock is set, and given back', async () => {
  await using cloud = await openCloud();
  const before = cloud.fake.clock.now();
  await panel(cloud.fake).put('clock', { at: '2030-01-01T00:00:00Z' });
  expect(cloud.fake.clock.now()).toBe(Date.parse('2030-01-01T00:00:00Z'));
  await panel(cloud.fake).delete('clock');
  expect(cloud.fake.clock.now()).toBe(before);
});

test('faults of one command are cleared without those of others', async () => {
  await using cloud = await openCloud();
  for (const command of ['listZones', 'listHosts']) cloud.fake.faults.next(command, { kind: 'cut' });
  expect(await panel(cloud.fake).delete('faults?command=listZones')).toMatchObject({ faults: [{ command: 'listHosts' }] });
});

test.each([
  ['faults', { fault: { kind: 'nosuch' } }, /^400 fault\.kind is one of delay, cut/],
  ['faults', { fault: { kind: '__proto__' } }, /^400 fault\.kind/],
  ['faults', { fault: { kind: 'delay' } }, /^400 fault\.ms of delay is a number/],
  ['faults', { fault: { kind: 'cut', ms: 1 } }, /^400 cut has no ms/],
  ['faults', { fault: { kind: 'status', status: 418 } }, /^400 fault\.status is one of 401, 429, 503/],
  ['faults', { fault: { kind: 'cut' }, times: 0 }, /^400 times is/],
  ['clock', { advanceMs: 'x' }, /^400 clock takes/],
  ['clock', { at: 'tomorrow' }, /^400 clock takes/],
  ['agent', { step: 'nosuch', answer: 'unsupported' }, /^400 step is one of startBackup/],
  ['agent', { step: 'startBackup', answer: 'maybe' }, /^400 answer is/],
  ['settings', { nosuch: 1 }, /^400 There is no setting nosuch/],
  ['settings', { exportApis: 'yes' }, /^400 exportApis is a boolean/],
  ['settings', { throttle: { max: 1 } }, /^400 throttle is null, or an object of the numbers max, intervalMs/],
  ['settings', { throttle: { max: 'x', intervalMs: 1 } }, /^400 throttle is null/],
  ['settings', { costs: { price: 1 } }, /^400 costs is null, or an object of the numbers scale\?, cores\?/],
  ['settings', { jobDelayMs: -1 }, /^400 jobDelayMs is a number of 0 or more/],
  ['settings', { exportApis: false, jobDelayMs: 'x' }, /^400 jobDelayMs/],
  ['nosuch', {}, /^404 There is no \/_fake\/nosuch/],
  ['constructor', {}, /^404/],
  ['faults', [], /^400 The body must be a JSON object/],
])('what cannot be understood changes nothing: %s %j', async (part, body, text) => {
  await using cloud = await openCloud();
  const before = await panel(cloud.fake).get();
  await expect(panel(cloud.fake).put(part, body)).rejects.toThrow(text);
  expect(await panel(cloud.fake).get()).toEqual(before);
});

test('the control answers callers of this machine only', async () => {
  await using cloud = await openCloud();
  const control = new Control(new Front(cloud.fake.cloud));
  const from = (remoteAddress: string) => ({ url: '/_fake/', method: 'GET', socket: { remoteAddress } }) as unknown as IncomingMessage;
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])
    expect((await control.answer(from(address))).status, address).toBe(200);
  for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1', ''])
    expect((await control.answer(from(address))).status).toBe(403);
});
