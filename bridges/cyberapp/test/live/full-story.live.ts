import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { describe } from 'vitest';
import { testFullStory } from '../support/full-story-suite.ts';

describe.skipIf(lacksPostgres())('both halves', () => {
  testFullStory('PostgreSQL', async () => {
    const database = await freshDatabase();
    return { options: { storeUrl: database.url }, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  });
});
