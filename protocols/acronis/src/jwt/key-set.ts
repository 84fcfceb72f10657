import { type CryptoKey, importJWK, type JWK } from 'jose';

/** Public keys by their id. */
export type KeySet = ReadonlyMap<string, CryptoKey>;

const MAX_KEYS = 64;
const MAX_KID = 256;

/** Reads `{"keys":[…]}`. Keys of other kinds are passed over. @throws Error when no key is left */
export async function readKeySet(answer: unknown): Promise<KeySet> {
  const listed = typeof answer === 'object' && answer !== null && 'keys' in answer ? answer.keys : undefined;
  if (!Array.isArray(listed) || listed.length > MAX_KEYS) throw new Error('the answer of the key service has no list of keys');
  const keys = new Map<string, CryptoKey>();
  for (const jwk of listed) {
    const key = isSigningKey(jwk) ? await imported(jwk) : undefined;
    if (key !== undefined) keys.set(jwk.kid, key);
  }
  if (keys.size === 0) throw new Error('the key service has no key that can be used');
  return keys;
}

interface SigningKey {
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

function isSigningKey(value: unknown): value is SigningKey {
  if (typeof value !== 'object' || value === null) return false;
  const jwk = value as JWK;
  const purpose = (jwk.use ?? 'sig') === 'sig' && jwk.kty === 'RSA' && (jwk.alg ?? 'RS256') === 'RS256';
  return purpose && typeof jwk.kid === 'string' && jwk.kid.length <= MAX_KID && typeof jwk.n === 'string' && typeof jwk.e === 'string';
}

/** Only the public part is taken, whatever else a row has. */
async function imported({ n, e }: SigningKey): Promise<CryptoKey | undefined> {
  try {
    const key = await importJWK({ kty: 'RSA', n, e }, 'RS256');
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    return undefined;
  }
}
