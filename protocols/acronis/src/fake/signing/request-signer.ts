import { createHmac, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Faults } from '../faults.ts';
import type { Random } from '../random.ts';
import type { TurnableClock } from '../turnable-clock.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What is wrong with a request token on purpose. */
export type BadToken =
  | 'expired'
  | 'not-yet'
  | 'corrupted'
  | 'unknown-key'
  | 'unpublished-key'
  | 'other-issuer'
  | 'other-audience'
  | 'no-kid'
  | 'no-exp'
  | 'hs256'
  | 'none';

export interface TokenWish {
  readonly bad?: BadToken | undefined;
  /** Instead of, or beside, the usual ones; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Makes what the callback gateway sends as `Authorization` (CyberApp 2.4). */
export interface RequestSigner {
  /** A token, without `Bearer `, for the endpoint with this identifier. */
  token(endpointId: string, wish?: TokenWish): Promise<string>;
}

interface SignerParts {
  readonly keys: SigningKeys;
  readonly clock: TurnableClock;
  readonly random: Random;
  readonly faults: Faults;
  readonly issuer: string;
}

const LIFE_S = 3600;

/** Signs with the keys of the fake. */
export class FakeSigner implements RequestSigner {
  readonly #parts: SignerParts;

  constructor(parts: SignerParts) {
    this.#parts = parts;
  }

  async token(endpointId: string, { bad, claims = {} }: TokenWish = {}): Promise<string> {
    const { keys, faults } = this.#parts;
    const fault = faults.take('signer', '', []);
    if (fault?.kind === 'rotateKeys') keys.rotate();
    const { kid, ...known } = await keys.current();
    const unpublished = bad === 'unpublished-key' || fault?.kind === 'wrongKey';
    // Under a known name: only the signature tells.
    const { privateKey } = unpublished ? await keys.unpublished() : known;
    const payload = encoded({ ...this.#claims(endpointId, bad), ...claims });
    const head = { ...headOf(bad, kid), iri: 'idp' };
    return signed(`${encoded(head)}.${payload}`, privateKey, bad);
  }

  #claims(endpointId: string, bad: BadToken | undefined): Record<string, unknown> {
    const { clock, random, issuer } = this.#parts;
    const now = Math.floor(clock.now() / 1000) + ageOf(bad);
    return {
      iss: bad === 'other-issuer' ? 'https://example.com' : issuer,
      aud: bad === 'other-audience' ? 'example.com' : new URL(issuer).host,
      sub: 'platform-acgw',
      sub_type: 'platform-acgw',
      ver: 2,
      jti: random.uuid(),
      iat: now,
      ...(bad === 'no-exp' ? {} : { exp: now + LIFE_S }),
      scope: [{ role: endpointId }],
    };
  }
}

/** Seconds by which the token was made at another time. */
function ageOf(bad: BadToken | undefined): number {
  if (bad === 'expired') return -2 * LIFE_S;
  return bad === 'not-yet' ? LIFE_S : 0;
}

function headOf(bad: BadToken | undefined, kid: string): Record<string, unknown> {
  const names: Partial<Record<BadToken, string>> = { hs256: 'HS256', none: 'none' };
  const alg = (bad && names[bad]) ?? 'RS256';
  if (bad === 'no-kid') return { alg, typ: 'JWT' };
  return { alg, typ: 'JWT', kid: bad === 'unknown-key' ? 'nobody-knows' : kid };
}

function signed(text: string, privateKey: KeyObject, bad: BadToken | undefined): string {
  if (bad === 'none') return `${text}.`;
  // The classic: the public key as the secret of an HMAC.
  const pem = bad === 'hs256' ? createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) : '';
  const signature = bad === 'hs256' ? createHmac('sha256', pem).update(text).digest() : sign('RSA-SHA256', Buffer.from(text), privateKey);
  if (bad === 'corrupted') signature[0] = (signature[0] ?? 0) ^ 0xff;
  return `${text}.${signature.toString('base64url')}`;
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
