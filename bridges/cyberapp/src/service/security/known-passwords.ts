import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '@fairlead/kernel/clock';

const MOST = 10_000;

export interface PasswordProof {
  readonly loginKey: string;
  readonly password: string;
  readonly credentialVersion: number;
}

/**
 * Passwords that were right a moment ago, so that a page of callbacks costs one verification (cyberapp 7.2). Kept are digests under a key
 * of this process; another password, or another version of the credentials, is another digest.
 */
export class KnownPasswords {
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #key = randomBytes(32);
  readonly #until = new Map<string, number>();

  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  has(proof: PasswordProof): boolean {
    return (this.#until.get(this.#digest(proof)) ?? 0) > this.#clock.now();
  }

  add(proof: PasswordProof): void {
    if (this.#keepMs === 0) return;
    const digest = this.#digest(proof);
    this.#until.delete(digest);
    const [oldest] = this.#until.keys();
    if (this.#until.size >= MOST && oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(digest, this.#clock.now() + this.#keepMs);
  }

  #digest({ loginKey, password, credentialVersion }: PasswordProof): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([loginKey, password, credentialVersion]))
      .digest('base64url');
  }
}
