import { readOvf, writeOvf } from '@fairlead/ovirt/codec';
import { expect, test } from 'vitest';
import { planVm } from './vm-plan.ts';

const GIB = 1024 ** 3;

test('a plain request: sockets, cores and threads count, memory is rounded up', () => {
  const plan = planVm(
    { name: 'web_01', memory: GIB + 1, cpu: { topology: { sockets: 2, cores: 3, threads: 2 } }, description: 'shop' },
    undefined,
  );

  expect(plan).toMatchObject({
    name: 'web-01',
    displayName: 'web_01',
    cpu: 12,
    memoryMiB: 1025,
    boot: {},
    userdata: undefined,
    details: {},
  });
});

test.each([
  ['q35_secure_boot', { boottype: 'UEFI', bootmode: 'SECURE' }],
  ['q35_ovmf', { boottype: 'UEFI', bootmode: 'LEGACY' }],
  ['q35_sea_bios', {}],
  [undefined, {}],
] as const)('BIOS %s', (type, boot) => {
  expect(planVm({ name: 'a', bios: { type } }, undefined).boot).toEqual(boot);
});

test('what the request leaves open comes from the OVF', () => {
  const document = writeOvf(
    {
      name: 'old',
      cpu: { sockets: 4, cores: 1, threads: 1 },
      memory: 8 * GIB,
      biosType: 'q35_ovmf',
      osType: 'rhel_9x64',
      disks: [],
      nics: [{ id: 'n', linked: true, networkId: '11111111-2222-4333-8444-555555555555', mac: '02:00:00:00:00:01', ipAddress: '10.0.0.5' }],
      cloud: {
        serviceOfferingId: 'so',
        guestOsName: 'Rocky Linux 9',
        affinityGroupIds: [],
        keyPairs: ['key'],
        details: [{ key: 'rootDiskController', value: 'scsi' }],
      },
    },
    { exportDate: 0, snapshotId: '11111111-2222-4333-8444-555555555555' },
  );

  const plan = planVm({ name: 'new' }, readOvf(document));

  expect(plan).toMatchObject({
    cpu: 4,
    memoryMiB: 8192,
    boot: { boottype: 'UEFI' },
    offerings: ['so'],
    keyPairs: ['key'],
    details: { rootDiskController: 'scsi' },
  });
  expect(plan.facts.nics).toEqual([{ networkId: '11111111-2222-4333-8444-555555555555', mac: '02:00:00:00:00:01', ip: '10.0.0.5' }]);
});

test('without a name there is no plan', () => {
  expect(() => planVm({}, undefined)).toThrow(expect.objectContaining({ code: 'OVIRT_INCOMPLETE' }));
});
