import { lacksPostgres } from '@fairlead/testkit/db';
import { describe } from 'vitest';
import { testOperator } from '../support/operator-suite.ts';
import { postgresPlace } from '../support/places.ts';

describe.skipIf(lacksPostgres())('operators', () => {
  testOperator('PostgreSQL', postgresPlace);
});
