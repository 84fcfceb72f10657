export { type Cancel, type ExtentRange, NbdClient } from './client.ts';
export { connectNbd } from './connect.ts';
export { NbdError, type NbdErrorCode } from './error.ts';
export type { NbdExtent } from './extents/zip.ts';
export type { NbdFlags } from './flags.ts';
export type { BlockSize } from './negotiate.ts';
export type { Address } from './net/wire.ts';
export type { ConnectOptions, ReadAhead } from './options.ts';
export type { ChunkSink } from './read/sink.ts';
