import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { describe } from 'vitest';
import { testCustomerLinks } from '../support/links-suite.ts';
import { testMigrations } from '../support/migrations-suite.ts';
import { testOrganizations } from '../support/organizations-suite.ts';
import { testPageUsers } from '../support/page-users-suite.ts';
import { postgresPlace } from '../support/places.ts';
import { testReplays } from '../support/replay-suite.ts';

describe.skipIf(lacksPostgres())('two gateways', () => {
  testOrganizations('PostgreSQL', postgresPlace);
  testCustomerLinks('PostgreSQL', postgresPlace);
  testPageUsers('PostgreSQL', postgresPlace);
  testReplays('PostgreSQL', postgresPlace);
  testMigrations('PostgreSQL', async (scope) => scope.use(await freshDatabase()).url);
});
