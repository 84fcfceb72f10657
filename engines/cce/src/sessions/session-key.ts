import { randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 63;

/** Sessions of one user beyond this many end, the oldest first (cce 1.8). */
export const SESSIONS_PER_USER = 100;

/** A new session id: 63 characters, each equally likely (cce 1.8). */
export function newSessionKey(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
