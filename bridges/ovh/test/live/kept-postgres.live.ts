import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { describe } from 'vitest';
import { testKeptInventory } from '../support/store-tests.ts';

describe.skipIf(lacksPostgres())('on PostgreSQL', () => {
  testKeptInventory(freshDatabase);
});
