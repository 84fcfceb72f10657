import { testDesires } from './support/desire-suite.ts';
import { sqlitePlace } from './support/places.ts';

testDesires('SQLite', sqlitePlace);
