export type * from './description.ts';
export { MAX_OVF_BYTES, readOvf } from './read.ts';
export { type WriteOvfOptions, writeOvf } from './write.ts';
