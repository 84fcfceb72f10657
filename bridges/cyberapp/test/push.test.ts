import { sqlitePlace } from './support/places.ts';
import { testPush } from './support/push-suite.ts';

testPush('SQLite', sqlitePlace);
