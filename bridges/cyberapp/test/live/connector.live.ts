import { lacksPostgres } from '@fairlead/testkit/db';
import { describe } from 'vitest';
import { testAdoption } from '../support/adoption-suite.ts';
import { testConnector } from '../support/connector-suite.ts';
import { testCrashes } from '../support/crash-suite.ts';
import { postgresPlace } from '../support/places.ts';
import { testPush } from '../support/push-suite.ts';
import { testRuns } from '../support/run-suite.ts';

describe.skipIf(lacksPostgres())('the connector on PostgreSQL', () => {
  testPush('PostgreSQL', postgresPlace);
  testAdoption('PostgreSQL', postgresPlace);
  testRuns('PostgreSQL', postgresPlace);
  testConnector('PostgreSQL', postgresPlace);
  // A database for each is slow to make; SQLite walks all.
  testCrashes('PostgreSQL', postgresPlace, 9);
});
