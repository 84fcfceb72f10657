import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { describe } from 'vitest';
import { testKeptInventory } from './support/store-tests.ts';

describe('on SQLite', () => {
  testKeptInventory(async () => {
    const folder = await tempDir('ovh-store-');
    return { url: `sqlite:${join(folder.path, 'fairlead.db')}`, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  });
});
