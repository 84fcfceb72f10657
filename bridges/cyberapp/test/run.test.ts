import { sqlitePlace } from './support/places.ts';
import { testRuns } from './support/run-suite.ts';

testRuns('SQLite', sqlitePlace);
