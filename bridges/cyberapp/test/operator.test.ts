import { testOperator } from './support/operator-suite.ts';
import { sqlitePlace } from './support/places.ts';

testOperator('SQLite', sqlitePlace);
