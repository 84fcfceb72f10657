import type { Clock } from '@fairlead/kernel/clock';
import { newAlphanumeric } from '@fairlead/kernel/ids';
import type { Secrets } from '@fairlead/kernel/secrets';
import type { Sessions } from '@fairlead/kernel/sessions';
import type { AccessEntry } from './access-entry.ts';
import { BoundedMap } from './bounded-map.ts';

/** Under which face the kernel keeps tokens. */
const TOKEN_FACE = 'cce.token';
/** Whose rights a token has when its secret names nobody. */
export const API_ADMIN = 'api-admin';

const TOKEN_LENGTH = 64;
const MOST_PER_ENTRY = 64;
const SLIDING_MAX_MS = 86_400_000;
const REMEMBERED = 10_000;

/** What a token holds for. */
interface TokenData {
  readonly address: string;
  readonly network: string;
  readonly user: string;
  /** Digest of secret and user of the entry: the token ends when one of them changes, whoever changed it and when. */
  readonly entry: string;
}

export interface TokenSettings {
  readonly lifetimeMs: number;
  /** Every use moves the end on. */
  readonly sliding: boolean;
}

export interface TokenBearer {
  readonly address: string;
  readonly entry: AccessEntry;
}

/** `late`: the token was good once; whoever shows it is no attacker (cce 7.5). */
export type TokenState = { readonly kind: 'good'; readonly user: string } | { readonly kind: 'late' } | { readonly kind: 'unknown' };

/** Tokens of callers from other machines (cce 7.3): rows of the kernel, so that a restart ends none and any gateway knows them. */
export class Tokens {
  readonly #sessions: Sessions;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #settings: TokenSettings;
  /** Digests of tokens that were seen alive here. */
  readonly #seen = new BoundedMap<string, true>(REMEMBERED);

  constructor(parts: { readonly sessions: Sessions; readonly secrets: Secrets; readonly clock: Clock; readonly settings: TokenSettings }) {
    this.#sessions = parts.sessions;
    this.#secrets = parts.secrets;
    this.#clock = parts.clock;
    this.#settings = parts.settings;
  }

  async issue({ address, entry }: TokenBearer): Promise<{ readonly token: string; readonly expiresMs: number }> {
    const { lifetimeMs, sliding } = this.#settings;
    const data: TokenData = { address, network: entry.network, user: entry.user ?? API_ADMIN, entry: this.#digestOf(entry) };
    const { token } = await this.#sessions.issue<TokenData>({
      face: TOKEN_FACE,
      subject: entry.network,
      data,
      idleMs: lifetimeMs,
      maxMs: sliding ? Math.max(lifetimeMs, SLIDING_MAX_MS) : lifetimeMs,
      token: newAlphanumeric(TOKEN_LENGTH),
      atMost: MOST_PER_ENTRY,
    });
    this.#seen.set(this.keyOf(token), true);
    return { token, expiresMs: this.#clock.now() + lifetimeMs };
  }

  /** Whether the token opens something for this address and entry. */
  async verify(token: string, { address, entry }: TokenBearer): Promise<TokenState> {
    if (!/^[A-Za-z0-9]{64}$/.test(token)) return { kind: 'unknown' };
    const session = await this.#sessions.verify<TokenData>(TOKEN_FACE, token);
    if (session === undefined) return { kind: await this.#stateOfDead(token) };
    const { data } = session;
    // A token that was stolen and shown elsewhere is none there.
    if (data.address !== address || data.network !== entry.network) return { kind: 'unknown' };
    this.#seen.set(this.keyOf(token), true);
    const digests = this.#secrets.digests('cce.access-entry', entryText(entry));
    return digests.includes(data.entry) ? { kind: 'good', user: data.user } : { kind: 'late' };
  }

  async revoke(token: string): Promise<boolean> {
    return await this.#sessions.revoke(TOKEN_FACE, token);
  }

  /** Ends the tokens of an entry; answers how many. */
  revokeEntry(network: string): Promise<number> {
    return this.#sessions.revokeSubject(TOKEN_FACE, network);
  }

  /** How many have not ended. */
  async count(): Promise<number> {
    return (await this.#sessions.count()).get(TOKEN_FACE) ?? 0;
  }

  /** Stands for a token where itself must not be. */
  keyOf(token: string): string {
    return this.#secrets.digest('cce.token-key', token);
  }

  async #stateOfDead(token: string): Promise<'late' | 'unknown'> {
    if (this.#seen.get(this.keyOf(token))) return 'late';
    return (await this.#sessions.hasEnded(TOKEN_FACE, token)) ? 'late' : 'unknown';
  }

  #digestOf(entry: AccessEntry): string {
    return this.#secrets.digest('cce.access-entry', entryText(entry));
  }
}

function entryText({ network, secret, user }: AccessEntry): string {
  return JSON.stringify([network, secret, user ?? API_ADMIN]);
}
