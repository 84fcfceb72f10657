import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { TurnableClock } from '../turnable-clock.ts';

/** A key pair as the key service names it. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** Member of `keys` in the answer of the key service. */
  readonly published: Readonly<Record<string, unknown>>;
}

const ROTATE_MS = 24 * 3_600_000;
const BITS = 2048;
const makePair = promisify(generateKeyPair);

/** Making a key costs more than most tests: those of this process share them. */
const pool: Promise<SigningKey>[] = [];

/** The keys that sign request tokens: a current and a previous one; a day of the clock makes a new one (CyberApp 2.4). */
export class SigningKeys {
  readonly #clock: TurnableClock;
  #used = 0;
  #rotatedAt: number;
  #current: number;
  #previous: number | undefined;

  constructor(clock: TurnableClock) {
    this.#clock = clock;
    this.#rotatedAt = clock.now();
    this.#current = this.#take();
  }

  /** The one that signs now. */
  async current(): Promise<SigningKey> {
    this.#turn();
    return await keyAt(this.#current);
  }

  /** What the key service lists. */
  async published(): Promise<readonly SigningKey[]> {
    this.#turn();
    const previous = this.#previous === undefined ? [] : [keyAt(this.#previous)];
    return await Promise.all([keyAt(this.#current), ...previous]);
  }

  /** One that is never listed. */
  async unpublished(): Promise<SigningKey> {
    return await keyAt(this.#take());
  }

  rotate(): void {
    this.#previous = this.#current;
    this.#current = this.#take();
    this.#rotatedAt = this.#clock.now();
  }

  #turn(): void {
    const age = this.#clock.now() - this.#rotatedAt;
    if (age >= ROTATE_MS) this.rotate();
    // After two days the one before is no longer known either.
    if (age >= 2 * ROTATE_MS) this.rotate();
  }

  #take(): number {
    this.#used += 1;
    return this.#used - 1;
  }
}

function keyAt(index: number): Promise<SigningKey> {
  pool[index] ??= make(index);
  return pool[index];
}

async function make(index: number): Promise<SigningKey> {
  const { publicKey, privateKey } = await makePair('rsa', { modulusLength: BITS });
  const kid = `fake-key-${process.pid}-${index}`;
  const { n, e } = publicKey.export({ format: 'jwk' });
  return { kid, privateKey, published: { use: 'sig', kty: 'RSA', kid, alg: 'RS256', n, e } };
}
