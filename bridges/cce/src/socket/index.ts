export { type CscpServerOptions, openCscpServer } from './cscp-server.ts';
