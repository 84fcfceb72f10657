import { SCHEMA } from '@fairlead/ovirt/codec';
import { expect, test } from 'vitest';
import { dataCenterStatus, diskStatus, hostStatus, networkStatus, poolStatus, templateStatus, vmStatus } from './status.ts';

test.each([
  ['Running', 'up'],
  ['Starting', 'powering_up'],
  ['Stopping', 'powering_down'],
  ['Stopped', 'down'],
  ['Migrating', 'migrating'],
  ['Restoring', 'image_locked'],
  ['Error', 'down'],
  ['Unknown', 'unknown'],
  ['Something new', 'unknown'],
])('an instance that is %s is %s', (state, status) => {
  expect(vmStatus(state)).toBe(status);
});

test.each([
  ['Enabled', 'Up', 'up'],
  ['Enabled', 'Alert', 'non_responsive'],
  ['Enabled', 'Down', 'down'],
  ['Enabled', 'Connecting', 'connecting'],
  ['Maintenance', 'Up', 'maintenance'],
  ['PrepareForMaintenance', 'Up', 'preparing_for_maintenance'],
  ['Disabled', 'Up', 'maintenance'],
  ['Degraded', 'Up', 'non_operational'],
  ['ErrorInMaintenance', 'Up', 'error'],
])('a host that is %s and %s is %s', (resourceState, state, status) => {
  expect(hostStatus(resourceState, state)).toBe(status);
});

test('every status is one that oVirt knows', () => {
  const words = [
    'Up',
    'Maintenance',
    'CancelMaintenance',
    'Disabled',
    'Creating',
    'Ready',
    'Uploaded',
    'Error',
    'Implemented',
    'x',
    undefined,
  ];

  for (const word of words) {
    expect(SCHEMA.storage_domain.status.values).toContain(poolStatus(word));
    expect(SCHEMA.disk.status.values).toContain(diskStatus(word ?? ''));
    expect(SCHEMA.data_center.status.values).toContain(dataCenterStatus(word));
    expect(SCHEMA.network.status.values).toContain(networkStatus(word));
    expect(SCHEMA.template.status.values).toContain(templateStatus(false, word));
  }
});

test('a volume that is moved, uploaded or created is locked, a broken one illegal', () => {
  expect(['Ready', 'Allocated', 'Creating', 'Restoring', 'UploadError'].map(diskStatus)).toEqual([
    'ok',
    'ok',
    'locked',
    'locked',
    'illegal',
  ]);
});
