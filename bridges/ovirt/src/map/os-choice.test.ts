import { readOsType } from '@fairlead/cloudstack';
import { expect, test } from 'vitest';
import { chooseOsType } from './os-choice.ts';

const NAMES = [
  'CentOS 5.6 (64-bit)',
  'Rocky Linux 8',
  'Rocky Linux 9',
  'Debian GNU/Linux 9 (64-bit)',
  'Debian GNU/Linux 12 (32-bit)',
  'Debian GNU/Linux 12 (64-bit)',
  'Windows Server 2019 (64-bit)',
  'Windows Server 2022 (64-bit)',
  'Other Linux (64-bit)',
];
const ALL = NAMES.map((description, index) => readOsType({ id: `os-${index}`, description }));

test.each([
  ['its own id', { id: 'os-3', oVirtType: 'windows_2022' }, 'Debian GNU/Linux 9 (64-bit)'],
  ['its own name', { name: 'rocky linux 8' }, 'Rocky Linux 8'],
  ['a worker', { isWorker: true, oVirtType: 'other_linux' }, 'Rocky Linux 9'],
  ['Windows by its year', { oVirtType: 'windows_2022' }, 'Windows Server 2022 (64-bit)'],
  ['Windows of an unknown year: the newest', { oVirtType: 'windows_2031' }, 'Windows Server 2022 (64-bit)'],
  ['Red Hat by its like', { oVirtType: 'rhel_9x64' }, 'Rocky Linux 9'],
  ['Debian: the newest of 64 bit', { oVirtType: 'debian_9' }, 'Debian GNU/Linux 12 (64-bit)'],
  ['what nobody knows', { oVirtType: 'plan9' }, 'Other Linux (64-bit)'],
  ['nothing', {}, 'Other Linux (64-bit)'],
])('%s', (_what, wish, expected) => {
  expect(chooseOsType(ALL, wish)?.description).toBe(expected);
});

test('a CloudStack without guest systems gives none', () => {
  expect(chooseOsType([], { oVirtType: 'rhel_9x64' })).toBeUndefined();
});
