import { expect, test } from 'vitest';
import { cowLimit, readTransferWish } from './image-transfer.ts';

test('what is not said has the defaults of oVirt', () => {
  expect(readTransferWish({ disk: { id: 'd' } })).toEqual({
    diskId: 'd',
    backupId: undefined,
    direction: 'upload',
    format: 'raw',
    inactivityS: 600,
    policy: 'legacy',
    shallow: false,
  });
});

test('a download is raw whatever is asked for, because that is what will come', () => {
  expect(readTransferWish({ disk: { id: 'd' }, direction: 'download', format: 'cow' }).format).toBe('raw');
});

test('the deprecated image names the disk', () => {
  expect(readTransferWish({ image: { id: 'i' } }).diskId).toBe('i');
});

test.each([
  [1, 16 * 1024 ** 2 + 2],
  [1024 ** 3, 1024 ** 3 + 1024 ** 3 / 128 + 16 * 1024 ** 2],
])('the file of a disk of %d bytes has at most %d', (size, limit) => {
  expect(cowLimit(size)).toBe(limit);
});
