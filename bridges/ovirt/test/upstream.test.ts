import type { Fault } from '@fairlead/cloudstack/fake';
import { expect, test } from 'vitest';
import { startHarness } from './harness.ts';

const DOWN: readonly (readonly [string, Fault])[] = [
  ['answers HTML', { kind: 'html', status: 503 }],
  ['answers HTML with 200', { kind: 'html', status: 200 }],
  ['ends the connection', { kind: 'reset' }],
  ['ends in the middle of an answer', { kind: 'cut' }],
  ['answers nonsense', { kind: 'body', status: 200, contentType: 'application/json', body: '[1,2' }],
];

test.each(DOWN)('a CloudStack that %s is a fault of 503 that says so', async (_what, fault) => {
  await using harness = await startHarness({ serviceKey: false });
  const token = await harness.token('alice@tenants');
  harness.fake.faults.next('listVirtualMachines', fault, 100);

  const headers = { authorization: `Bearer ${token}` };
  const json = await harness.api('/vms', { user: null, headers });
  const xml = await harness.api('/vms', { user: null, headers, accept: 'application/xml' });

  expect([json.status, json.json.detail]).toEqual([503, expect.stringContaining('CloudStack does not answer')]);
  expect([xml.status, xml.headers.get('content-type')]).toEqual([503, 'application/xml']);
  expect(xml.text).toContain('CloudStack does not answer');
});

test('a slow CloudStack is waited for', async () => {
  await using harness = await startHarness({ serviceKey: false, prepare: (fake) => fake.addVm({ name: 'web', account: 'alice' }) });
  harness.fake.faults.next('listVirtualMachines', { kind: 'delay', ms: 300 });

  expect((await harness.api('/vms', { user: 'alice@tenants' })).json.vm).toHaveLength(1);
});

test('what is kept is told while CloudStack is away, for some minutes', async () => {
  await using harness = await startHarness({ prepare: (fake) => fake.addVm({ name: 'web' }) });
  const headers = { authorization: `Bearer ${await harness.token()}` };
  const list = () => harness.api('/vms', { user: null, headers });
  expect((await list()).json.vm).toHaveLength(1);
  harness.fake.faults.next('*', { kind: 'reset' }, 100_000);

  harness.clock.advance(2 * 60_000);
  const soon = await list();
  harness.clock.advance(4 * 60_000);
  const late = await list();

  expect([soon.status, late.status]).toEqual([200, 503]);
});

test('ovirt 12.6: a plain refusal of CloudStack keeps its text and its kind', async () => {
  await using harness = await startHarness({ serviceKey: false });
  harness.fake.faults.next('listVirtualMachines', { kind: 'error', errorcode: 431, cserrorcode: 4350, errortext: 'page is out of range' });

  const reply = await harness.api('/vms', { user: 'alice@tenants' });

  expect([reply.status, reply.json.detail]).toEqual([400, 'page is out of range']);
});

test('a service key that is no root admin’s counts as none, and the log says so', async () => {
  await using harness = await startHarness({
    prepare: (fake) => {
      Object.assign(fake.userRow('admin').account, { type: 0 });
    },
  });

  expect((await harness.api('/hosts', { user: 'alice@tenants' })).json).toEqual({ host: [] });
  expect(harness.log.text()).toContain('the service key in [cloudstack] is not a root admin');
});
