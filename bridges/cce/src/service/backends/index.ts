export type { ServiceCredentials } from './authentication.ts';
export { type OpenEmbedded, openEmbedded, readSchemaFiles } from './embedded.ts';
export { EmbeddedBackend } from './embedded-backend.ts';
export type { EmbeddedContext, EmbeddedOptions, EmbeddedSettings } from './embedded-settings.ts';
export { SocketBackend, type SocketBackendOptions } from './socket-backend.ts';
export { readSourceFiles } from './source-files.ts';
