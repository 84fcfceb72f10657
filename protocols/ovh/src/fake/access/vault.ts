import type { FakeClock } from '../fake-clock.ts';
import type { Random } from '../random.ts';
import type { AccessRule } from './rules.ts';

export type CredentialStatus = 'pendingValidation' | 'validated' | 'expired' | 'refused';

/** What proves which program asks. */
export interface Application {
  readonly applicationId: number;
  readonly applicationKey: string;
  readonly applicationSecret: string;
  readonly name: string;
  readonly description: string;
  status: 'active' | 'inactive' | 'blocked' | 'trusted';
}

/** What proves for whom it asks. Times are Unix ms. */
export interface Credential {
  readonly credentialId: number;
  readonly applicationId: number;
  readonly consumerKey: string;
  /** Part of the validation URL. */
  readonly token: string;
  status: CredentialStatus;
  readonly creation: number;
  expiration: number | null;
  lastUse: number | null;
  allowedIPs: readonly string[] | null;
  readonly rules: readonly AccessRule[];
  readonly redirection: string | null;
  /** When it becomes valid by itself. */
  readonly validateAt: number | null;
  /** Seconds that it counts once it is validated; null: without end. */
  readonly lifetime: number | null;
}

/** A service account. */
export interface OAuth2Client {
  readonly clientId: string;
  readonly clientSecret: string;
  name: string;
  description: string;
  readonly flow: string;
  callbackUrls: readonly string[];
  readonly createdAt: number;
  /** IAM actions it may do; `*` stands for any characters. */
  actions: readonly string[];
}

interface Token {
  readonly client: OAuth2Client;
  readonly expiresAt: number;
}

/** How a credential comes to be. */
export interface CredentialWish {
  readonly applicationId: number;
  readonly rules: readonly AccessRule[];
  readonly status?: CredentialStatus;
  /** Seconds from now; absent: it never ends. */
  readonly validFor?: number;
  readonly allowedIPs?: readonly string[] | null;
  readonly redirection?: string | null;
  /** Milliseconds of the fake's clock after which it is valid by itself. */
  readonly autoValidateMs?: number | undefined;
  /** Seconds from its validation; absent: it never ends. */
  readonly lifetime?: number | undefined;
}

/** Applications, credentials, service accounts and tokens. */
export class Vault {
  readonly applications = new Map<string, Application>();
  readonly credentials = new Map<string, Credential>();
  readonly clients = new Map<string, OAuth2Client>();
  readonly #tokens = new Map<string, Token>();
  readonly #clock: FakeClock;
  readonly #random: Random;
  #nextApplication = 76_543;
  #nextCredential = 1_234_567;

  constructor(clock: FakeClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  addApplication(name: string, description = ''): Application {
    const application: Application = {
      applicationId: this.#nextApplication++,
      applicationKey: this.#random.word(16),
      applicationSecret: this.#random.word(32),
      name,
      description,
      status: 'active',
    };
    this.applications.set(application.applicationKey, application);
    return application;
  }

  applicationById(id: number): Application | undefined {
    return [...this.applications.values()].find((row) => row.applicationId === id);
  }

  /** Removes an application with all its credentials (3.12). */
  removeApplication(application: Application): void {
    this.applications.delete(application.applicationKey);
    for (const row of [...this.credentials.values()]) {
      if (row.applicationId === application.applicationId) this.credentials.delete(row.consumerKey);
    }
  }

  addCredential(wish: CredentialWish): Credential {
    const now = this.#clock.now();
    const credential: Credential = {
      credentialId: this.#nextCredential++,
      applicationId: wish.applicationId,
      consumerKey: this.#random.word(32),
      token: this.#random.word(64),
      status: wish.status ?? 'pendingValidation',
      creation: now,
      expiration: wish.validFor === undefined ? null : now + wish.validFor * 1000,
      lastUse: null,
      allowedIPs: wish.allowedIPs ?? null,
      rules: wish.rules,
      redirection: wish.redirection ?? null,
      validateAt: wish.autoValidateMs === undefined ? null : now + wish.autoValidateMs,
      lifetime: wish.lifetime ?? null,
    };
    this.credentials.set(credential.consumerKey, credential);
    return credential;
  }

  credentialById(id: number): Credential | undefined {
    return [...this.credentials.values()].find((row) => row.credentialId === id);
  }

  /** Its state now; time may have changed it. */
  statusOf(credential: Credential): CredentialStatus {
    const now = this.#clock.now();
    const { validateAt } = credential;
    if (credential.status === 'pendingValidation' && validateAt !== null && now >= validateAt) validate(credential, validateAt);
    const { expiration } = credential;
    if (credential.status === 'validated' && expiration !== null && now >= expiration) credential.status = 'expired';
    return credential.status;
  }

  /** Lets a credential count. @param lifetime seconds from now; null: without end; absent: as it was asked for */
  validate(credential: Credential, lifetime?: number | null): void {
    validate(credential, this.#clock.now(), lifetime);
  }

  addClient(wish: Pick<OAuth2Client, 'name' | 'description'> & Partial<OAuth2Client>): OAuth2Client {
    const client: OAuth2Client = {
      clientId: this.#random.hex(16),
      clientSecret: this.#random.hex(32),
      flow: 'CLIENT_CREDENTIALS',
      callbackUrls: [],
      createdAt: this.#clock.now(),
      actions: ['*'],
      ...wish,
    };
    this.clients.set(client.clientId, client);
    return client;
  }

  /** A new access token of a service account, for so many seconds. */
  issueToken(client: OAuth2Client, seconds: number): string {
    const now = this.#clock.now();
    for (const [token, { expiresAt }] of this.#tokens) if (expiresAt <= now) this.#tokens.delete(token);
    const token = this.#random.word(64);
    this.#tokens.set(token, { client, expiresAt: now + seconds * 1000 });
    return token;
  }

  /** Whose token that is, if it still counts. */
  clientOfToken(token: string): OAuth2Client | undefined {
    const found = this.#tokens.get(token);
    if (found === undefined || found.expiresAt <= this.#clock.now()) return undefined;
    return this.clients.get(found.client.clientId);
  }

  /** Lets no token issued so far count any more. */
  revokeTokens(): void {
    this.#tokens.clear();
  }
}

function validate(credential: Credential, at: number, lifetime: number | null = credential.lifetime): void {
  credential.status = 'validated';
  if (lifetime !== null) credential.expiration = at + lifetime * 1000;
}
