import { lacksPostgres } from '@fairlead/testkit/db';
import { describe } from 'vitest';
import { testDesires } from '../support/desire-suite.ts';
import { postgresPlace } from '../support/places.ts';

describe.skipIf(lacksPostgres())('two gateways', () => {
  testDesires('PostgreSQL', postgresPlace);
});
