import { testCustomerLinks } from './support/links-suite.ts';
import { testMigrations } from './support/migrations-suite.ts';
import { testOrganizations } from './support/organizations-suite.ts';
import { testPageUsers } from './support/page-users-suite.ts';
import { sqlitePlace } from './support/places.ts';
import { testReplays } from './support/replay-suite.ts';

testOrganizations('SQLite', sqlitePlace);
testCustomerLinks('SQLite', sqlitePlace);
testPageUsers('SQLite', sqlitePlace);
testReplays('SQLite', sqlitePlace);
testMigrations('SQLite', async () => ':memory:');
