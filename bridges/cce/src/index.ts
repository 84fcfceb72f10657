export type { Backend, BackendConnection, Identity } from './service/backend.ts';
