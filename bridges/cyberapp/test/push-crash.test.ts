import { testCrashes } from './support/crash-suite.ts';
import { sqlitePlace } from './support/places.ts';

testCrashes('SQLite', sqlitePlace);
