export { type CallOptions, CscpClient, type CscpClientOptions, type CscpStreamOptions } from './client/client.ts';
export { CscpError, type CscpErrorCode, type NamePart } from './error.ts';
export { CscpPool, type CscpPoolOptions, type CscpPoolStats, type PooledWork } from './pool/pool.ts';
export { type CscpTarget, type Ending, refuseConnection, type ServeOptions, serveCscp } from './server/serve.ts';
