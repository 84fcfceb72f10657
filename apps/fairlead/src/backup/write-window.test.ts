import { expect, test } from 'vitest';
import { WriteWindow } from './write-window.ts';

const KIB_300 = 300 * 1024;

test('gathers pieces into requests that follow each other without gap', async () => {
  const requests: { offset: number; length: number }[] = [];
  const window = new WriteWindow(4096, async (offset, chunks) => {
    requests.push({ offset, length: chunks.reduce((sum, chunk) => sum + chunk.length, 0) });
  });

  for (let index = 0; index < 10; index++) await window.add(Buffer.alloc(KIB_300));
  await window.end();

  expect(requests).toEqual([
    { offset: 4096, length: 4 * KIB_300 },
    { offset: 4096 + 4 * KIB_300, length: 4 * KIB_300 },
    { offset: 4096 + 8 * KIB_300, length: 2 * KIB_300 },
  ]);
});

test('holds the caller back while four requests are under way', () => {
  const window = new WriteWindow(0, () => new Promise(() => undefined));

  const waits = Array.from({ length: 16 }, () => window.add(Buffer.alloc(KIB_300)) !== undefined);

  expect(waits.filter(Boolean)).toHaveLength(1);
});

test('a failed request is thrown at the end at the latest', async () => {
  const window = new WriteWindow(0, () => Promise.reject(new Error('No space left on device')));

  await window.add(Buffer.alloc(KIB_300));

  await expect(window.end()).rejects.toThrow('No space left');
});
