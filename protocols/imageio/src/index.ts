export { type CallOptions, ImageioClient, type ImageioClientOptions, type ReadSink } from './client/client.ts';
export type { DirtyExtent, ExtentContext, ExtentOf, ZeroExtent } from './codec/extents.ts';
export type { Feature } from './codec/options.ts';
export { ImageioError } from './errors.ts';
