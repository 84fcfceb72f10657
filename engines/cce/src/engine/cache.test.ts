import { expect, test } from 'vitest';
import { MemoryStorage } from '../storage/memory-storage.ts';
import type { ObjectStorage } from '../storage/object-storage.ts';
import { ObjectCache } from './cache.ts';

async function filled(count: number, text = 'x') {
  const storage = new MemoryStorage();
  const write = (oid: number) => ({ oid, class: 'A', values: new Map([['', new Map([['t', text]])]]), index: [], seen: undefined });
  await storage.commit({ writes: Array.from({ length: count }, (_, at) => write(at + 1)), removals: [] });
  const asked: string[] = [];
  const watched: Pick<ObjectStorage, 'read' | 'versions'> = {
    read: (oids) => {
      asked.push(`read ${oids.join(' ')}`);
      return storage.read(oids);
    },
    versions: (oids) => {
      asked.push(`versions ${oids.join(' ')}`);
      return storage.versions(oids);
    },
  };
  return { storage, asked, watched: watched as ObjectStorage };
}

test('what was read before is not read again while its version is the same', async () => {
  const { storage, asked, watched } = await filled(3);
  const cache = new ObjectCache(watched);
  await cache.read([1, 2]);
  await cache.read([1, 2, 3]);
  expect(asked.splice(0)).toEqual(['read 1 2', 'versions 1 2 3', 'read 3']);
  const values = new Map([['', new Map([['t', 'new']])]]);
  await storage.commit({ writes: [{ oid: 2, class: 'A', values, index: [], seen: 1 }], removals: [{ oid: 3, seen: 1 }] });

  const now = await cache.read([1, 2, 3]);
  expect(asked).toEqual(['versions 1 2 3', 'read 2']);
  expect([...now.keys()]).toEqual([1, 2]);
  expect(now.get(2)?.values).toEqual(values);
});

test('it holds no more objects and no more text than its limits, the last used ones', async () => {
  const { asked, watched } = await filled(10, 'x'.repeat(100));
  const cache = new ObjectCache(watched, { objects: 3, characters: 1000 });
  await cache.read([1, 2, 3]);
  await cache.read([1]);
  await cache.read([4]);
  expect(cache.size).toBe(3);
  asked.length = 0;
  await cache.read([1, 2]);
  expect(asked).toEqual(['versions 1 2', 'read 2']);

  const narrow = new ObjectCache(watched, { objects: 100, characters: 250 });
  await narrow.read([1, 2, 3, 4]);
  expect(narrow.size).toBe(0);
  const wide = new ObjectCache(watched, { objects: 100, characters: 450 });
  await wide.read([1, 2, 3, 4, 5]);
  expect(wide.size).toBe(4);
});
