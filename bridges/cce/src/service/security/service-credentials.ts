import type { PasswordFile } from './password-file.ts';
import { API_ADMIN } from './tokens.ts';

/** A real cced knows nobody without a password: of other users than api-admin the gateway has none. */
export function serviceCredentialsOf(passwords: PasswordFile) {
  return async (user: string) => (user === API_ADMIN ? await passwords.read() : undefined);
}
