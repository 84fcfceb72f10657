import { type CloudStackClient, readAccount } from '@fairlead/cloudstack';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { addressKey, type BanRule } from '@fairlead/kernel/limits';
import type { Session } from '@fairlead/kernel/sessions';
import type { OvirtSettings } from '../config.ts';
import { OvirtError } from '../errors.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';
import { Accounts } from './accounts.ts';
import { FACE } from './audit-of.ts';
import type { AllowLists, Caller } from './caller.ts';
import { type Cloud, isRefused, type KeyPair, userOfKey } from './cloud.ts';
import { type Identity, roleOf, splitUser } from './identity.ts';
import { passThrough } from './pass-through.ts';
import { Verified } from './verified.ts';

export interface Credential {
  readonly user: string;
  readonly password: string;
  /** Address of the caller, for counting failures. */
  readonly address: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a token stands for. */
export interface TokenData {
  readonly identity: Identity;
  readonly scope: string;
  readonly clientId: string;
}

/** What a cookie session stands for (ovirt 3.5). */
export interface CookieData {
  readonly identity: Identity;
  /** The id must come in a header too. */
  readonly csrf: boolean;
}

const COOKIE_FACE = 'ovirt.session';
const MINUTE = 60_000;

/** Failed logins (design 12): of one login from one address, and of one address. */
const PAIR_RULE: BanRule = { threshold: 10, windowMs: 5 * MINUTE, banMs: 5 * MINUTE, maxBanMs: 60 * MINUTE };
const ADDRESS_RULE: BanRule = { ...PAIR_RULE, threshold: 100 };

/** Logins, tokens and cookie sessions (ovirt 3). Tokens and sessions are rows; the keys in them are sealed. */
export class Auth {
  readonly #context: BridgeContext;
  readonly #settings: OvirtSettings;
  readonly #cloud: Cloud;
  readonly #accounts: Accounts;
  readonly #verified: Verified;
  readonly #allow = new Map<string, AllowLists>();

  constructor(parts: {
    readonly context: BridgeContext;
    readonly config: OvirtSettings;
    readonly store: OvirtStore;
    readonly cloud: Cloud;
  }) {
    this.#context = parts.context;
    this.#settings = parts.config;
    this.#cloud = parts.cloud;
    this.#accounts = new Accounts({ store: parts.store, secrets: parts.context.secrets, clock: parts.context.clock });
    this.#verified = new Verified(parts.context.clock);
  }

  /** Throws `OVIRT_LOGIN_REFUSED`, `FAIRLEAD_BANNED`, or what CloudStack's absence is. */
  async login(credential: Credential): Promise<Identity> {
    const { limits, audit } = this.#context;
    const address = addressKey(credential.address);
    const pair = [`login:${address}|${credential.user.toLowerCase()}`];
    await limits.check(FACE, [...pair, `address:${address}`]);
    try {
      const identity = await this.#identify(credential);
      await limits.succeeded(FACE, pair);
      await audit.record({ face: FACE, actor: identity.userId, action: 'login', outcome: 'ok', address: credential.address });
      return identity;
    } catch (error) {
      if (!OvirtError.is(error, 'OVIRT_LOGIN_REFUSED')) throw error;
      const banned = await limits.failed(FACE, pair, PAIR_RULE);
      const bannedAddress = await limits.failed(FACE, [`address:${address}`], ADDRESS_RULE);
      const seconds = Math.max(banned.bannedForS ?? 0, bannedAddress.bannedForS ?? 0);
      const who = { face: FACE, actor: credential.user, outcome: 'refused', address: credential.address } as const;
      await audit.record({ ...who, action: 'login' });
      // Once for a ban: what a banned address tries is refused without being looked at, as often as it likes.
      if (seconds > 0) await audit.record({ ...who, action: 'ban', detail: { seconds } });
      throw error;
    }
  }

  /** As `login`, but a credential that was right in the last five minutes is right. */
  async verifyBasic(credential: Credential): Promise<{ readonly identity: Identity; readonly drop: () => void }> {
    const digest = this.#context.secrets.digest('ovirt.basic', `${credential.user}\0${credential.password}`);
    const identity = await this.#verified.get(digest, () => this.login(credential));
    return { identity, drop: () => this.#verified.drop(digest) };
  }

  async issueToken(data: TokenData): Promise<{ readonly token: string; readonly session: Session<TokenData> }> {
    const { token_idle: idleMs, token_max: maxMs } = this.#settings.ovirt;
    return await this.#context.sessions.issue({ face: FACE, subject: data.identity.userId, data, idleMs, maxMs });
  }

  token(token: string): Promise<Session<TokenData> | undefined> {
    return this.#context.sessions.verify<TokenData>(FACE, token);
  }

  /** Ends a token; one that has ended already is no error. */
  async revokeToken(token: string): Promise<void> {
    await this.#context.sessions.revoke(FACE, token);
  }

  /** @param idleMs what `Session-TTL` asked for; no longer than a token may live */
  async openCookie(data: CookieData, idleMs: number): Promise<string> {
    const maxMs = this.#settings.ovirt.token_max;
    const issued = await this.#context.sessions.issue({
      face: COOKIE_FACE,
      subject: data.identity.userId,
      data,
      idleMs: Math.min(idleMs, maxMs),
      maxMs,
    });
    return issued.token;
  }

  async cookie(id: string): Promise<CookieData | undefined> {
    return (await this.#context.sessions.verify<CookieData>(COOKIE_FACE, id))?.data;
  }

  async closeCookie(id: string): Promise<void> {
    await this.#context.sessions.revoke(COOKIE_FACE, id);
  }

  /** The caller behind a token; undefined when it has ended. For work that outlives a request. */
  async callerOfToken(token: string): Promise<Caller | undefined> {
    const session = await this.token(token);
    return session && this.callerOf(session.data.identity);
  }

  callerOf(identity: Identity): Caller {
    const { userId, subject, account, domainId, role, apiKey, secretKey } = identity;
    return {
      userId,
      subject,
      account,
      domainId,
      role,
      isRootAdmin: role === 'root-admin',
      client: this.#cloud.clientFor({ apiKey, secretKey }),
      keyId: this.#context.secrets.digest('ovirt.key', apiKey),
      allow: this.#allowOf(identity.profile),
    };
  }

  get accounts(): Accounts {
    return this.#accounts;
  }

  async #identify(credential: Credential): Promise<Identity> {
    const { name, profile } = splitUser(credential.user);
    if (profile.toLowerCase() === 'internal' && (await this.#accounts.has(name))) return this.#localIdentity(credential, name);
    const domain = this.#domainOf(profile);
    return passThrough(this.#cloud, { userId: credential.user, password: credential.password, domain, signal: credential.signal });
  }

  async #localIdentity({ user, password }: Credential, name: string): Promise<Identity> {
    const account = await this.#accounts.verify(name, password);
    if (account === undefined) throw OvirtError('OVIRT_LOGIN_REFUSED', { user, text: 'The username or password is incorrect.' });
    const owner = await this.#ownerOf(account.keys);
    return { userId: user, profile: 'internal', subject: account.id, ...owner, ...account.keys };
  }

  /** `getUser` is not every role's (ovirt 15.1); who may not ask is no admin. */
  async #ownerOf(keys: KeyPair): Promise<Pick<Identity, 'account' | 'domainId' | 'role'>> {
    const client = this.#cloud.clientFor(keys);
    try {
      const user = await userOfKey(client, keys.apiKey);
      return { account: user.account ?? '', domainId: user.domainid ?? '', role: roleOf(user.accounttype) };
    } catch (error) {
      if (!isRefused(error)) throw error;
      return ownerWithoutGetUser(client);
    }
  }

  #domainOf(profile: string): string {
    const configured = this.#profile(profile)?.domain;
    if (configured !== undefined) return configured;
    return profile.toLowerCase() === 'internal' ? '' : profile;
  }

  #profile(name: string): OvirtSettings['ovirt_profile'][string] | undefined {
    return Object.hasOwn(this.#settings.ovirt_profile, name) ? this.#settings.ovirt_profile[name] : undefined;
  }

  /** The same object for the same profile, so that lists made with it can be kept. */
  #allowOf(profile: string): AllowLists {
    const own = this.#profile(profile);
    const name = own === undefined ? '' : profile;
    const known = this.#allow.get(name);
    if (known !== undefined) return known;
    const base = this.#settings.ovirt;
    const allow = {
      zones: allowed(own?.zones, base.zones),
      pools: allowed(own?.pools, base.pools),
      networks: allowed(own?.networks, base.networks),
    };
    this.#allow.set(name, allow);
    return allow;
  }
}

/** An ordinary account sees itself alone; who may assign VMs but not ask `getUser` is a domain admin (ovirt 3.7, 15.1). */
async function ownerWithoutGetUser(client: CloudStackClient): Promise<Pick<Identity, 'account' | 'domainId' | 'role'>> {
  const isDomainAdmin = (await client.listApis()).has('assignVirtualMachine');
  const accounts = isDomainAdmin ? [] : await client.list('listAccounts', readAccount, {}, { max: 1 });
  return { account: accounts[0]?.name ?? '', domainId: accounts[0]?.domainid ?? '', role: isDomainAdmin ? 'domain-admin' : 'user' };
}

function allowed(own: readonly string[] | undefined, base: readonly string[]): ReadonlySet<string> | undefined {
  const names = own !== undefined && own.length > 0 ? own : base;
  return names.length === 0 ? undefined : new Set(names);
}
