import { readHost, readStoragePool, readVirtualMachine, readVolume } from '@fairlead/cloudstack';
import { expect, test } from 'vitest';
import { hostItem, isShownVm, poolItem, vmItem } from './told-items.ts';

const ID = '6d1f6b1e-0000-4000-8000-000000000000';

function item(fields: object, around: Partial<Parameters<typeof vmItem>[1]> = {}) {
  const vm = readVirtualMachine({ id: ID, name: 'WEB-01', state: 'Running', ...fields });
  return vmItem(vm, { cloud: 'main', volumes: [], backups: {}, ...around });
}

function volumes(...sizes: (number | undefined)[]) {
  return sizes.map((size, index) => readVolume({ id: `v${index}`, name: `v${index}`, state: 'Ready', size }));
}

test('a VM is told with its key, its owner and its attributes in bytes and UTC', () => {
  const told = item(
    {
      displayname: 'Web server',
      domainpath: 'ROOT/tenants/',
      account: 'alice',
      tags: [{ key: 'customer', value: 'smith' }, { key: 'bare' }],
      nic: [
        { id: 'n0', macaddress: '02:00:AA:00:00:01', ipaddress: '10.1.1.7' },
        {
          id: 'n1',
          isdefault: true,
          macaddress: '02-00-AA-00-00-02',
          ipaddress: '10.2.1.8',
          ip6address: 'fd00::8',
          secondaryip: [{ ipaddress: '10.2.1.9' }],
        },
      ],
      osdisplayname: 'Rocky Linux 9',
      cpunumber: 2,
      memory: 2048,
      zonename: 'zone1',
      serviceofferingname: 'Large',
      created: '2026-01-02T03:04:05+0200',
      hostid: 'h1',
    },
    { volumes: volumes(1024, 2048), backups: { okMs: Date.UTC(2026, 0, 3), failedMs: Date.UTC(2026, 0, 2) } },
  );

  expect(told).toEqual({
    key: `cs:main:vm:${ID}`,
    kind: 'virtual_machine',
    name: 'Web server',
    owner: [
      { kind: 'vm', selector: ID },
      { kind: 'tag', selector: 'customer=smith' },
      { kind: 'tag', selector: 'bare=' },
      { kind: 'account', selector: 'ROOT/tenants/alice' },
      { kind: 'domain', selector: 'ROOT/tenants' },
    ],
    attributes: {
      status: 'ONLINE',
      state: 'Running',
      hostname: 'web-01',
      mac_address: '02:00:aa:00:00:02',
      ip_address: '10.2.1.8',
      ip_addresses: '10.1.1.7, 10.2.1.8, fd00::8, 10.2.1.9',
      os: 'Rocky Linux 9',
      cpu_count: 2,
      memory_bytes: 2_147_483_648,
      disk_bytes: 3072,
      zone: 'zone1',
      owner: 'ROOT/tenants/alice',
      offering: 'Large',
      created: '2026-01-02T01:04:05.000Z',
      host_id: 'h1',
      last_backup: '2026-01-03T00:00:00.000Z',
      backup_status: 'OK',
    },
  });
});

test('what is not known is absent', () => {
  expect(item({ name: 'bare', templatename: 'kvm-blank-vm-template' })).toEqual({
    key: `cs:main:vm:${ID}`,
    kind: 'virtual_machine',
    name: 'bare',
    owner: [{ kind: 'vm', selector: ID }],
    attributes: { status: 'ONLINE', state: 'Running', hostname: 'bare', backup_status: 'NEVER' },
  });
  expect(item({ templatename: 'CentOS 5.6' }).attributes.os).toBe('CentOS 5.6');
});

test('the VM of a project belongs to the project and its domain, not to an account', () => {
  const told = item({ domainpath: 'ROOT', projectid: 'p1', project: 'Web shop', account: 'PrjAcct-1' });

  expect(told.owner.slice(1)).toEqual([
    { kind: 'project', selector: 'p1' },
    { kind: 'domain', selector: 'ROOT' },
  ]);
  expect(told.attributes.owner).toBe('Web shop');
});

test.each([
  ['Running', 'ONLINE'],
  ['Stopped', 'OFFLINE'],
  ['Shutdown', 'OFFLINE'],
  ['Paused', 'OFFLINE'],
  ['Starting', 'TRANSITION'],
  ['Stopping', 'TRANSITION'],
  ['Migrating', 'TRANSITION'],
  ['Restoring', 'TRANSITION'],
  ['Error', 'ERROR'],
  ['Unknown', 'ERROR'],
  ['constructor', 'UNKNOWN'],
])('a VM that is %s has the status %s', (state, status) => {
  expect(item({ state }).attributes).toMatchObject({ status, state });
});

test.each([
  [{}, 'NEVER', undefined],
  [{ okMs: 1 }, 'OK', '1970-01-01T00:00:00.001Z'],
  [{ okMs: 2, failedMs: 1 }, 'OK', '1970-01-01T00:00:00.002Z'],
  [{ okMs: 1, failedMs: 2 }, 'FAILED', '1970-01-01T00:00:00.001Z'],
  [{ failedMs: 2 }, 'FAILED', undefined],
])('backups that ended at %j are %s', (backups, status, last) => {
  const { backup_status: told, last_backup: at } = item({}, { backups }).attributes;
  expect([told, at]).toEqual([status, last]);
});

test('a disk whose size is not known makes the sum unknown', () => {
  expect(item({}, { volumes: volumes(1024, undefined) }).attributes.disk_bytes).toBeUndefined();
  expect(item({}, { volumes: volumes(1024) }).attributes.disk_bytes).toBe(1024);
});

test('names and attributes have no control characters, whoever chose them', () => {
  const told = item({ displayname: 'a\u0000b\nc', account: 'al\tice', domainpath: 'ROOT', zonename: '\u001b[31m' });

  expect([told.name, told.attributes.owner, told.attributes.zone]).toEqual(['a b c', 'ROOT/al ice', '[31m']);
  expect(item({ displayname: '\n' }).name).toBe('WEB-01');
});

test('a VM that an administrator hides is not shown', () => {
  const shown = [undefined, true, false].map((displayvm) =>
    isShownVm(readVirtualMachine({ id: ID, name: 'a', state: 'Running', displayvm })),
  );
  expect(shown).toEqual([true, true, false]);
});

test('hosts and pools are nobody’s', () => {
  const host = readHost({ id: 'h1', name: 'kvm1', state: 'Up', resourcestate: 'Enabled', zonename: 'zone1', memorytotal: 1024 });
  const pool = readStoragePool({ id: 'p1', name: 'primary0', state: 'Up', type: 'NetworkFilesystem', disksizeused: 1, capacitybytes: 4 });

  expect(hostItem(host, 'main')).toEqual({
    key: 'cs:main:host:h1',
    kind: 'host',
    name: 'kvm1',
    owner: [],
    attributes: { state: 'Up', resource_state: 'Enabled', zone: 'zone1', memory_bytes: 1024 },
  });
  expect(poolItem(pool, 'main')).toEqual({
    key: 'cs:main:pool:p1',
    kind: 'storage_pool',
    name: 'primary0',
    owner: [],
    attributes: { state: 'Up', type: 'NetworkFilesystem', used_bytes: 1, size_bytes: 4 },
  });
});
