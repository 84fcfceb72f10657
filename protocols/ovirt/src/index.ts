export type * from './codec/schema/index.ts';
export { type CodecCode, OvirtWireError, REASONS } from './errors.ts';
