import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { QuotaSettings } from './access/quota.ts';
import type { Credential, CredentialWish, OAuth2Client, Vault } from './access/vault.ts';
import { CallLog, type LogEntry } from './call-log.ts';
import { type Core, makeCore } from './core.ts';
import { type Decision, decide } from './door/decide.ts';
import { FakeClock } from './fake-clock.ts';
import type { Faults } from './faults.ts';
import { Front } from './front.ts';
import type { FakeOvhOptions } from './options.ts';
import type { State } from './world/state.ts';

/** The three keys of a signed call. */
export interface FakeKeys {
  readonly applicationKey: string;
  readonly applicationSecret: string;
  readonly consumerKey: string;
}

const DEFAULT_LOG = 10_000;
const KEEP_ALIVE_MS = 30_000;

/** An OVHcloud API in this process: real signatures, credentials, rules and tokens; the inventory is made up from a seed. */
export class FakeOvh implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly #options: FakeOvhOptions;
  readonly #log: CallLog;
  readonly #server: Server;
  readonly #closed = new AbortController();
  #core: Core;

  private constructor(options: FakeOvhOptions) {
    this.#options = options;
    this.clock = options.clock ?? new FakeClock();
    this.clock.advance(options.clockSkew ?? 0);
    this.#log = new CallLog(options.logSize ?? DEFAULT_LOG);
    this.#core = makeCore(options, this.clock);
    const front = new Front({
      options,
      clock: this.clock,
      log: this.#log,
      closed: this.#closed.signal,
      core: () => this.#core,
      origin: () => this.url,
      reset: () => this.reset(),
    });
    const { tls } = options;
    const settings = { keepAliveTimeout: KEEP_ALIVE_MS };
    this.#server = tls === undefined ? createServer(settings) : createTlsServer({ ...settings, cert: tls.cert, key: tls.key });
    this.#server.on('request', (message, response) => void front.serve(message, response));
  }

  /** Starts one on 127.0.0.1; it listens when the promise is fulfilled. */
  static async start(options: FakeOvhOptions = {}): Promise<FakeOvh> {
    const fake = new FakeOvh(options);
    fake.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  /** `http://127.0.0.1:1234` */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  }

  /** What clients take as their endpoint: `http://127.0.0.1:1234/1.0`. */
  get apiUrl(): string {
    return `${this.url}/1.0`;
  }

  get tokenUrl(): string {
    return `${this.url}/auth/oauth2/token`;
  }

  /** Of an application that may do everything. */
  get keys(): FakeKeys {
    const { applicationKey, applicationSecret } = this.#core.application;
    return { applicationKey, applicationSecret, consumerKey: this.#core.credential.consumerKey };
  }

  /** A service account that may do everything, unless its `actions` are changed. */
  get serviceAccount(): OAuth2Client {
    return this.#core.client;
  }

  /** What the API shows; tests may change it. */
  get state(): State {
    return this.#core.state;
  }

  /** Applications, credentials, service accounts and tokens. */
  get vault(): Vault {
    return this.#core.vault;
  }

  get faults(): Faults {
    return this.#core.faults;
  }

  /** The latest calls, oldest first; those of `/_fake/` are not in it. */
  get log(): readonly LogEntry[] {
    return this.#log.entries;
  }

  get quota(): QuotaSettings | undefined {
    return this.#core.quota.settings;
  }

  /** From now on each caller may make so many calls in so many seconds; undefined: any number. */
  set quota(settings: QuotaSettings | undefined) {
    this.#core.quota.settings = settings;
  }

  /** One more credential of the application; validated unless the wish says otherwise. */
  issue(wish: Omit<CredentialWish, 'applicationId'>): Credential {
    return this.vault.addCredential({ status: 'validated', ...wish, applicationId: this.#core.application.applicationId });
  }

  /**
   * What the person does who opens the validation URL. Throws when nobody asked for that key, or it is decided already.
   * @param lifetime seconds that the key shall count; null: without end; absent: `keysValidFor`
   */
  decide(consumerKey: string, decision: Decision, lifetime?: number | null): void {
    const credential = this.vault.credentials.get(consumerKey);
    if (credential === undefined || !decide(this.vault, credential, decision, lifetime))
      throw new Error(`nothing to ${decision} for this consumer key`);
  }

  /** Forgets everything but the clock: keys and the world are as at the start. */
  reset(): void {
    this.#core = makeCore(this.#options, this.clock);
    this.#log.clear();
  }

  /** Empties `log`. */
  clearLog(): void {
    this.#log.clear();
  }

  /** How many connections are open. */
  connectionCount(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  /** Stops listening and cuts all connections, those of hung calls among them. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#closed.abort();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
