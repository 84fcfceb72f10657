import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { FairleadError } from '../errors/index.ts';

/** Fewest bytes of a server secret (design 6, `[security] hmac_secret`). */
const leastBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/**
 * What the server secret is good for (design 5): digests of what is only checked, sealed texts of what must be read back.
 * Every purpose has a key of its own (HKDF, RFC 5869), so that a value of one table means nothing in another.
 */
export class Secrets {
  /** Tells which secret sealed a value; says nothing about the secret. */
  readonly keyId: string;
  readonly #current: ServerKey;
  readonly #byId: ReadonlyMap<string, ServerKey>;
  readonly #all: readonly ServerKey[];

  /** `former` secrets are accepted for reading. Throws `RangeError` when one has fewer than 32 bytes. */
  constructor(current: string, former: readonly string[] = []) {
    this.#current = new ServerKey(current);
    this.#all = [this.#current, ...former.map((one) => new ServerKey(one))];
    this.#byId = new Map(this.#all.map((key) => [key.id, key]));
    this.keyId = this.#current.id;
  }

  /** The current key id and the former ones: what can be read here. */
  get keyIds(): readonly string[] {
    return [...this.#byId.keys()];
  }

  /** HMAC-SHA-256 of the text as base64url (43 characters), under the current secret. */
  digest(purpose: string, text: string): string {
    return this.#current.digest(purpose, text);
  }

  /** The digest under the current and every former secret: what a lookup must try while a secret is being changed. */
  digests(purpose: string, text: string): string[] {
    return this.#all.map((key) => key.digest(purpose, text));
  }

  /** AES-256-GCM: `v1.<key id>.<iv, text and tag as base64url>`, good for this purpose only. */
  seal(purpose: string, text: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#current.derive('seal', purpose), iv);
    const body = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.keyId}.${body.toString('base64url')}`;
  }

  /** The text that was sealed. Throws `FAIRLEAD_SECRET_UNREADABLE` for an unknown key id, another purpose or a changed value. */
  open(purpose: string, sealed: string): string {
    const [, keyId = 'none', encoded = ''] = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/.exec(sealed) ?? [];
    const key = this.#byId.get(keyId);
    const body = Buffer.from(encoded, 'base64url');
    if (!key || body.length < ivBytes + tagBytes) throw FairleadError('FAIRLEAD_SECRET_UNREADABLE', { keyId });
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.derive('seal', purpose), body.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(body.subarray(-tagBytes));
      return Buffer.concat([decipher.update(body.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw FairleadError('FAIRLEAD_SECRET_UNREADABLE', { keyId }, { cause });
    }
  }
}

/** One server secret and the keys made from it. */
class ServerKey {
  readonly id: string;
  readonly #secret: string;
  readonly #derived = new Map<string, KeyObject>();

  constructor(secret: string) {
    if (Buffer.byteLength(secret) < leastBytes) throw new RangeError(`A server secret has at least ${leastBytes} bytes`);
    this.#secret = secret;
    this.id = this.#hkdf('key id').subarray(0, 4).toString('hex');
  }

  digest(purpose: string, text: string): string {
    return createHmac('sha256', this.derive('digest', purpose)).update(text).digest('base64url');
  }

  /** As a key object: Node takes five times as long with bytes. */
  derive(use: 'digest' | 'seal', purpose: string): KeyObject {
    const info = `${use}:${purpose}`;
    const known = this.#derived.get(info);
    if (known) return known;
    const made = createSecretKey(this.#hkdf(info));
    // Purposes are words of the code, so there are few; a bound all the same.
    if (this.#derived.size < 256) this.#derived.set(info, made);
    return made;
  }

  #hkdf(info: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, 'fairlead', info, 32));
  }
}
