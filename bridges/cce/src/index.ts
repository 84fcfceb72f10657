export type { Backend, BackendConnection, Identity } from './service/backend.ts';
export {
  type EmbeddedContext,
  type EmbeddedOptions,
  type EmbeddedSettings,
  type OpenEmbedded,
  openEmbedded,
  readSchemaFiles,
  readSourceFiles,
} from './service/backends/index.ts';
export { type CscpServer, type CscpServerOptions, openCscpServer } from './socket/index.ts';
