export { equalSecret } from './equal.ts';
export { hashPassword, verifyPassword } from './password.ts';
export { Secrets } from './secrets.ts';
