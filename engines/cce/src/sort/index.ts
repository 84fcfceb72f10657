export { type Comparator, comparatorOf } from './comparators.ts';
