import { readVirtualMachine } from '@fairlead/cloudstack';
import { expect, test } from 'vitest';
import { cloudDate } from './date.ts';
import { hrefs, ZERO_ID } from './href.ts';
import { biosType, osType, toVm } from './vm.ts';

const href = hrefs('/ovirt-engine/api');
const facts = { name: 'web', clusterId: undefined, hostId: undefined };

function vm(fields: object = {}) {
  return readVirtualMachine({ id: '6d1f6b1e-0000-4000-8000-000000000000', name: 'web', state: 'Stopped', ...fields });
}

test.each([
  [{}, 'q35_sea_bios'],
  [{ boottype: 'Bios', bootmode: 'legacy' }, 'q35_sea_bios'],
  [{ boottype: 'UEFI', bootmode: 'LEGACY' }, 'q35_ovmf'],
  [{ boottype: 'Uefi', bootmode: 'Secure' }, 'q35_secure_boot'],
  [{ details: { UEFI: 'LEGACY' } }, 'q35_ovmf'],
  [{ details: { UEFI: 'secure' } }, 'q35_secure_boot'],
])('boot fields %j are %s', (fields, type) => {
  expect(biosType(vm(fields))).toBe(type);
});

test.each([
  ['Windows Server 2022 (64-bit)', 'windows_2022'],
  ['Windows 11 (64-bit)', 'windows_11'],
  ['Windows PV', 'other_windows'],
  ['Rocky Linux 9', 'rhel_9x64'],
  ['CentOS 5.6 (64-bit)', 'rhel_5x64'],
  ['Debian GNU/Linux 12 (64-bit)', 'debian_9'],
  ['Something Else', 'other_linux'],
  [undefined, 'other_linux'],
])('%s is %s', (name, type) => {
  expect(osType(name)).toBe(type);
});

test('memory is bytes, the blank template is oVirt’s own, and only a running VM has a host', () => {
  const stopped = toVm(vm({ memory: 2048, templateid: '1', templatename: 'kvm-blank-vm-template' }), href, { ...facts, hostId: 'h' });
  const running = toVm(vm({ state: 'Running' }), href, { ...facts, hostId: 'h' });

  expect(stopped).toMatchObject({ memory: 2 * 1024 ** 3, memory_policy: { guaranteed: 2 * 1024 ** 3 }, template: { id: ZERO_ID } });
  expect([stopped.host, running.host?.id]).toEqual([undefined, 'h']);
});

test('dates of CloudStack are read with their offset', () => {
  expect(cloudDate('2026-01-02T03:04:05+0200')).toBe(Date.UTC(2026, 0, 2, 1, 4, 5));
  expect([cloudDate(undefined), cloudDate('never')]).toEqual([undefined, undefined]);
});
