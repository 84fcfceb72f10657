import { expect, test } from 'vitest';
import { fact, NOW, SERVER_KEY, SITE_KEY, server, site, VM_KEY, vm } from '../../test/support/desire-items.ts';
import { serverKey, unreachable } from './blueonyx-workload.ts';
import { workloadOf } from './workload.ts';

const at = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString();

test('cyberapp 5.2: a VM is shown with all that is known of it', () => {
  expect(workloadOf(vm(), 'cloudstack', [fact(VM_KEY, 'backup_last_ok', at(3))])).toEqual({
    itemKey: VM_KEY,
    source: 'cloudstack',
    type: 'virtual_machine',
    name: 'shop-db-1',
    enabled: true,
    volatile: ['last_backup'],
    attributes: {
      fairlead_key: VM_KEY,
      status: 'ONLINE',
      hostname: 'shop-db-1',
      mac_address: '02:01:00:cd:00:1a',
      ip_address: '10.1.1.23',
      ip_addresses: '10.1.1.23, 10.2.0.4',
      os: 'Debian GNU/Linux 12 (64-bit)',
      cpu_count: 4,
      memory_bytes: 8_589_934_592,
      disk_bytes: 107_374_182_400,
      zone: 'north-1',
      owner: 'ROOT/bakery/admin',
      offering: 'Medium',
      created: '2026-01-05T09:00:00.000Z',
      last_backup: '2026-03-02T09:00:00.000Z',
      backup_status: 'OK',
    },
  });
});

test.each([
  ['Running', 'ONLINE', true],
  ['Stopped', 'OFFLINE', true],
  ['Shutdown', 'OFFLINE', true],
  ['Paused', 'OFFLINE', true],
  ['Starting', 'TRANSITION', true],
  ['Stopping', 'TRANSITION', true],
  ['Migrating', 'TRANSITION', true],
  ['Restoring', 'TRANSITION', true],
  ['Error', 'ERROR', false],
  ['Unknown', 'ERROR', true],
  ['Dreaming', 'UNKNOWN', true],
])('cyberapp 5.2: a VM in the state %s is %s', (state, status, enabled) => {
  const asAttribute = workloadOf(vm({ attributes: { state } }), 'cloudstack', []);
  expect([asAttribute?.attributes.status, asAttribute?.enabled]).toEqual([status, enabled]);
  const { state: _, ...attributes } = vm().attributes;
  const asFact = workloadOf({ ...vm(), attributes }, 'cloudstack', [fact(VM_KEY, 'state', state)]);
  expect([asFact?.attributes.status, asFact?.enabled]).toEqual([status, enabled]);
});

test('cyberapp 5.2: a VM that is destroyed is not wanted, nor is a host', () => {
  expect(workloadOf(vm({ attributes: { state: 'Destroyed' } }), 'cloudstack')).toBeUndefined();
  expect(workloadOf(vm({ attributes: { state: 'Expunging' } }), 'cloudstack')).toBeUndefined();
  expect(workloadOf(vm({ kind: 'host' }), 'cloudstack')).toBeUndefined();
  expect(workloadOf(vm({ kind: 'storage_pool' }), 'cloudstack')).toBeUndefined();
});

test('cyberapp 5.2: the last backup that has ended says how backups are', () => {
  const status = (...codes: [string, number][]) =>
    workloadOf(
      vm(),
      'cloudstack',
      codes.map(([code, hours]) => fact(VM_KEY, code, at(hours))),
    )?.attributes;
  expect(status()).toMatchObject({ backup_status: 'NEVER' });
  expect(status(['backup_last_failed', 1])).toMatchObject({ backup_status: 'FAILED' });
  expect(status(['backup_last_ok', 5], ['backup_last_failed', 1])).toMatchObject({ backup_status: 'FAILED', last_backup: at(5) });
  expect(status(['backup_last_ok', 1], ['backup_last_failed', 5])).toMatchObject({ backup_status: 'OK', last_backup: at(1) });
  expect(workloadOf(vm(), 'cloudstack')?.attributes).toMatchObject({ backup_status: 'UNKNOWN' });
  expect(workloadOf(vm({ attributes: { backup_status: 'FAILED' } }), 'cloudstack', [])?.attributes.backup_status).toBe('FAILED');
});

test('cyberapp 5.7: what is not known, empty, or no value of its kind is left out', () => {
  const attributes = {
    ...{ os: '', zone: '\u0000\n', cpu_count: 2.5, memory_bytes: -1, disk_bytes: '12', mac_address: 'none' },
    ...{ created: 'yesterday', backup_status: 'FINE', offering: true, instancename: 'i-2-3-VM', hypervisor_host: 'kvm7' },
  };
  const workload = workloadOf({ ...vm(), attributes }, 'cloudstack', []);
  expect(workload?.attributes).toEqual({ fairlead_key: VM_KEY, status: 'UNKNOWN' });
  expect(workload?.volatile).toEqual([]);
});

test('cyberapp 5.2: a name has no control characters and at most 255', () => {
  const nameOf = (name: string) => workloadOf(vm({ name }), 'cloudstack')?.name;
  expect(nameOf('a\r\nb\u202ec')).toBe('a b c');
  expect(nameOf('x'.repeat(300))).toBe(`${'x'.repeat(254)}…`);
  expect(nameOf('a\ud800b')).toBe('a\ufffdb');
  expect(nameOf(' \u0007 ')).toBe('shop-db-1');
});

test('cyberapp 5.3: a web site is shown by our names, without what is not for its customer', () => {
  const workload = workloadOf(site(), 'blueonyx');
  expect(workload).toMatchObject({ type: 'web_site', name: 'www.bakery.example', enabled: true, volatile: ['disk_used_bytes'] });
  expect(workload?.attributes).toEqual({
    fairlead_key: SITE_KEY,
    status: 'ONLINE',
    hostname: 'www.bakery.example',
    server: 'web1.provider.example',
    domain: 'bakery.example',
    disk_used_bytes: 900,
    disk_quota_bytes: 1000,
    over_quota: false,
    tls: true,
    certificate_expires: '2027-01-12T10:00:00.000Z',
    users_max: 25,
  });
});

test('cyberapp 5.3: a suspended site is not enabled, and stays suspended while its server is silent', () => {
  const suspended = workloadOf(site({ attributes: { status: 'SUSPENDED' } }), 'blueonyx');
  const online = workloadOf(site(), 'blueonyx');
  if (suspended === undefined || online === undefined) throw new Error('a site makes a workload');
  expect(suspended.enabled).toBe(false);
  expect(unreachable(suspended)).toEqual(suspended);
  expect(unreachable(online)).toEqual({ ...online, attributes: { ...online.attributes, status: 'ERROR' } });
  expect(serverKey(SITE_KEY)).toBe('bx:web1');
  expect(serverKey(VM_KEY)).toBeUndefined();
});

test('cyberapp 5.4: a server and a VPS are shown; other kinds of an account are not', () => {
  expect(workloadOf(server(), 'ovh')).toEqual({
    itemKey: SERVER_KEY,
    source: 'ovh',
    type: 'bare_metal',
    name: 'backup-store',
    enabled: true,
    volatile: [],
    attributes: {
      fairlead_key: SERVER_KEY,
      status: 'ONLINE',
      hostname: 'ns1.example.net',
      ip_address: '192.0.2.7',
      model: 'ADVANCE-1',
      datacenter: 'gra2',
      rack: 'G2-07',
      service_expires: '2026-12-01T00:00:00.000Z',
      auto_renew: true,
      provider_id: 'ns1.example.net',
    },
  });
  const vps = workloadOf({ ...server(), kind: 'vps', attributes: { status: 'RESCUE', zone: 'os-gra3' } }, 'ovh');
  expect(vps).toMatchObject({ type: 'vps', attributes: { status: 'RESCUE', datacenter: 'os-gra3' } });
  for (const kind of ['cloud_instance', 'domain', 'ip']) expect(workloadOf({ ...server(), kind }, 'ovh')).toBeUndefined();
});
