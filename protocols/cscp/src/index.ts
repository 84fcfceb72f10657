export { CscpClient } from './client/client.ts';
export type { CallOptions, CscpClientOptions, CscpStreamOptions } from './client/options.ts';
export { CscpWatch, type WatchCallOptions, type WatchedEvent } from './client/watch.ts';
export { CscpError, type CscpErrorCode, type NamePart } from './error.ts';
export { CscpPool, type CscpPoolOptions, type CscpPoolStats, type PooledWork } from './pool/pool.ts';
export {
  type CscpTarget,
  type Ending,
  refuseConnection,
  type ServeOptions,
  serveCscp,
  type WatchOperation,
  type WatchOptions,
} from './server/serve.ts';
