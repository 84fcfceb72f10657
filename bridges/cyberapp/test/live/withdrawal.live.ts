import { lacksPostgres } from '@fairlead/testkit/db';
import { describe } from 'vitest';
import { postgresPlace } from '../support/places.ts';
import { testWithdrawal } from '../support/withdrawal-suite.ts';

describe.skipIf(lacksPostgres())('what is no longer to be sent', () => {
  testWithdrawal('PostgreSQL', postgresPlace);
});
