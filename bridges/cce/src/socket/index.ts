export { type CscpServer, type CscpServerOptions, openCscpServer } from './cscp-server.ts';
