import { sqlitePlace } from './support/places.ts';
import { testWithdrawal } from './support/withdrawal-suite.ts';

testWithdrawal('SQLite', sqlitePlace);
