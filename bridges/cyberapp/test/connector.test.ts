import { testConnector } from './support/connector-suite.ts';
import { sqlitePlace } from './support/places.ts';

testConnector('SQLite', sqlitePlace);
