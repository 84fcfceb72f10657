export { type OpenEmbedded, openEmbedded, readSchemaFiles } from './embedded.ts';
export type { EmbeddedOptions, EmbeddedSettings } from './embedded-settings.ts';
export { SocketBackend } from './socket-backend.ts';
