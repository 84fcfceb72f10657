export type { GetOptions, ListOptions } from './client/calls.ts';
export { OvirtClient, type VmAction } from './client/client.ts';
export { type FetchCaOptions, type FetchedCa, fetchCa } from './client/fetch-ca.ts';
export type { CallOptions, OvirtClientOptions } from './client/session.ts';
export type * from './codec/schema/index.ts';
export { type CodecCode, OvirtWireError, REASONS } from './errors.ts';
