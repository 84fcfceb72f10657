export { compareBytewise } from './ascii.ts';
export { type Comparator, comparatorOf } from './comparators.ts';
