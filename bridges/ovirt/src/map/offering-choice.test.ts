import { readDiskOffering, readServiceOffering } from '@fairlead/cloudstack';
import { expect, test } from 'vitest';
import { chooseDiskOffering, chooseOffering } from './offering-choice.ts';

const FIXED = readServiceOffering({ id: 'fixed', name: 'f', cpunumber: 2, memory: 2048, cpuspeed: 1000, iscustomized: false });
const TWIN = readServiceOffering({ id: 'twin', name: 't', cpunumber: 2, memory: 2048, iscustomized: false });
const CUSTOM = readServiceOffering({ id: 'custom', name: 'c', iscustomized: true });
const BOUNDED = readServiceOffering({
  id: 'bounded',
  name: 'b',
  iscustomized: true,
  cpuspeed: 2000,
  serviceofferingdetails: { mincpunumber: '2', maxcpunumber: '4', minmemory: '1024', maxmemory: '4096' },
});
const WISH = { cpu: 2, memoryMiB: 2048, zoneId: 'zone', preferred: [], domainId: 'dom' };

test('a fixed offering of exactly that size is chosen before a customized one', () => {
  expect(chooseOffering([CUSTOM, FIXED, TWIN], WISH)).toEqual({ offering: FIXED, details: {} });
});

test('a preferred one is chosen when it fits, and passed over when it does not', () => {
  expect(chooseOffering([FIXED, TWIN], { ...WISH, preferred: ['twin'] })?.offering).toBe(TWIN);
  expect(chooseOffering([FIXED, CUSTOM], { ...WISH, cpu: 3, preferred: ['fixed'] })?.offering).toBe(CUSTOM);
});

test('a customized one is told the size, and the speed only where it is open', () => {
  expect(chooseOffering([CUSTOM], { ...WISH, cpu: 3 })?.details).toEqual({ cpuNumber: '3', memory: '2048', cpuSpeed: '1000' });
  expect(chooseOffering([BOUNDED], { ...WISH, cpu: 3 })?.details).toEqual({ cpuNumber: '3', memory: '2048' });
});

test.each([
  ['more CPU than its bounds', BOUNDED, { cpu: 5 }],
  ['less memory than its bounds', BOUNDED, { memoryMiB: 512 }],
  ['another size', FIXED, { memoryMiB: 2049 }],
  ['another zone', { ...FIXED, zoneid: 'a,b' }, {}],
  ['another domain', { ...FIXED, domainid: 'other' }, {}],
  ['an inactive one', { ...FIXED, state: 'Inactive' }, {}],
  ['a system one', { ...FIXED, issystem: true }, {}],
])('%s does not fit', (_what, offering, more) => {
  expect(chooseOffering([offering], { ...WISH, ...more })).toBeUndefined();
});

test('a disk offering: custom, of the right kind of storage; a preferred one only when it can have the size', () => {
  const small = readDiskOffering({ id: 'small', name: 's', disksize: 5, iscustomized: false, storagetype: 'shared' });
  const shared = readDiskOffering({ id: 'shared', name: 'c', disksize: 0, iscustomized: true, storagetype: 'shared' });
  const local = readDiskOffering({ id: 'local', name: 'l', disksize: 0, iscustomized: true, storagetype: 'local' });
  const wish = { sizeGiB: 6, zoneId: 'zone', isLocal: false, preferred: 'small', domainId: undefined };

  expect(chooseDiskOffering([small, local, shared], wish)).toBe(shared);
  expect(chooseDiskOffering([small, local, shared], { ...wish, sizeGiB: 5 })).toBe(small);
  expect(chooseDiskOffering([small, local, shared], { ...wish, isLocal: true })).toBe(local);
  expect(chooseDiskOffering([small, local], wish)).toBeUndefined();
});
