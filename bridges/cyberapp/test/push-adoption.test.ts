import { testAdoption } from './support/adoption-suite.ts';
import { sqlitePlace } from './support/places.ts';

testAdoption('SQLite', sqlitePlace);
