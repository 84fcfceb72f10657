import type { InventoryRecord, RecordState } from '@fairlead/ovh/inventory';
import { expect, test } from 'vitest';
import { factsOf } from './facts.ts';
import { ovhItem } from './item.ts';

const RECORD: InventoryRecord = {
  ...{
    id: 'urn:v1:eu:resource:vps:vps-1',
    provider: 'ovh',
    endpoint: 'ovh-eu',
    account: 'main',
    kind: 'vps',
    name: 'vps-1',
    displayName: 'edge',
  },
  ...{ state: 'running', rawState: 'running', fetchedAt: '2026-11-22T08:00:00.000Z', errors: [] },
};
const item = (more: Partial<InventoryRecord>) => ovhItem({ ...RECORD, ...more }, 'the-key', 'main');

test('what is not known is absent, and the key is the one that was kept', () => {
  expect(item({})).toEqual({
    key: 'the-key',
    kind: 'vps',
    name: 'edge',
    owner: [
      { kind: 'service', selector: 'main/vps-1' },
      { kind: 'account', selector: 'main' },
    ],
    attributes: { status: 'ONLINE', provider_id: 'vps-1', account: 'main', endpoint: 'ovh-eu', hostname: 'vps-1' },
  });
});

test('sizes are bytes: memory in steps of 1024, disks as their vendors count', () => {
  const hardware = {
    cpu: { cores: 12, count: 2 },
    memoryMiB: 65_536,
    disks: [
      { count: 2, sizeGB: 960 },
      { count: 1, sizeGB: 4000 },
    ],
  };
  expect(item({ hardware }).attributes).toMatchObject({ cpu_count: 12, memory_bytes: 68_719_476_736, disk_bytes: 5_920_000_000_000 });
  expect(item({ hardware: { memoryMiB: 2 ** 53, disks: [{ count: -1, sizeGB: 5 }] } }).attributes).not.toHaveProperty('memory_bytes');
  expect(item({ hardware: { disks: [{ count: -1, sizeGB: 5 }] } }).attributes).not.toHaveProperty('disk_bytes');
});

test.each<[RecordState, string]>([
  ['running', 'ONLINE'],
  ['stopped', 'OFFLINE'],
  ['transition', 'TRANSITION'],
  ['rescue', 'RESCUE'],
  ['maintenance', 'MAINTENANCE'],
  ['blocked', 'BLOCKED'],
  ['error', 'ERROR'],
  ['unknown', 'UNKNOWN'],
  ['of tomorrow' as RecordState, 'UNKNOWN'],
])('a record that is %s is %s', (state, status) => {
  expect(item({ state }).attributes.status).toBe(status);
});

test('the address is the own one in IPv4, else any, a block only where there is nothing else', () => {
  const ip = (address: string, kind: string, version: 4 | 6 = 4) => ({ address, kind, version });
  const addressOf = (...ips: readonly ReturnType<typeof ip>[]) => item({ ips }).attributes.ip_address;
  expect(addressOf(ip('198.51.100.0/28', 'additional'), ip('2001:db8::1', 'primary', 6), ip('192.0.2.1', 'primary'))).toBe('192.0.2.1');
  expect(addressOf(ip('2001:db8::1', 'public', 6), ip('192.0.2.2/32', 'additional'))).toBe('192.0.2.2');
  expect(addressOf(ip('2001:db8::1/128', 'public', 6))).toBe('2001:db8::1');
  expect(addressOf(ip('198.51.100.0/28', 'additional'))).toBe('198.51.100.0/28');
  expect(addressOf()).toBeUndefined();
});

test('a tag that no line can hold is no selector; other text loses what controls a terminal', () => {
  const tags = { env: 'prod', 'a\nb': 'c', long: 'x'.repeat(2000) };
  expect(item({ tags }).owner.filter(({ kind }) => kind === 'tag')).toEqual([{ kind: 'tag', selector: 'env=prod' }]);
  expect(item({ displayName: '\u001b[31mred\n', os: '\u0007' })).toMatchObject({ name: '[31mred' });
  expect(item({ os: '\u0007' }).attributes).not.toHaveProperty('os');
});

test('days are moments in UTC in attributes, days in facts', () => {
  const service = { id: 1, status: 'ok', created: '2024-03-01', expires: '2026-12-01', autoRenew: false };
  expect(item({ service }).attributes).toMatchObject({
    service_expires: '2026-12-01T00:00:00.000Z',
    auto_renew: false,
    service_status: 'ok',
  });
  expect(factsOf({ ...RECORD, service })).toEqual([
    { code: 'state', value: 'running', detail: { raw: 'running' } },
    { code: 'service_expires', value: '2026-12-01' },
    { code: 'service_auto_renew', value: false },
    { code: 'service_status', value: 'ok' },
  ]);
  expect(item({ service: { ...service, expires: 'never' } }).attributes).not.toHaveProperty('service_expires');
});

test('an intervention tells what and when, as far as it is known', () => {
  const open = [
    { kind: 'intervention', id: '7', status: 'planned', function: 'powerSupply', planned: '2026-12-01T02:00:00+01:00' },
    { kind: 'task', id: '8', status: 'todo' },
  ] as const;
  expect(factsOf({ ...RECORD, open }).slice(1)).toEqual([
    { code: 'intervention_open', value: '7', detail: { status: 'planned', function: 'powerSupply', planned: '2026-12-01T01:00:00.000Z' } },
    { code: 'task_open', value: '8', detail: { status: 'todo' } },
  ]);
});
