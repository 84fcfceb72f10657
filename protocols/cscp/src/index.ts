export { CscpError, type CscpErrorCode } from './error.ts';
