export { bridge } from './bridge.ts';
export type { DiskUnits } from './config-fields.ts';
export type { CceSettings } from './config.ts';
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
export { parseAccessLine } from './service/security/access-entry.ts';
export { readAccessText } from './service/security/access-text.ts';
export { LIMIT_FACE } from './service/security/guard.ts';
export { writeWholeFile } from './service/security/whole-file.ts';
export { type CscpServer, type CscpServerOptions, openCscpServer } from './socket/index.ts';
