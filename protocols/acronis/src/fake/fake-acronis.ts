import type { Accepted } from './driver/driver-options.ts';
import { following } from './driver/follow.ts';
import type { Faults } from './faults.ts';
import { Listener } from './listener.ts';
import type { FakeAcronisOptions, FakeTls, Unsettled } from './options.ts';
import type { Recorder } from './recorder.ts';
import { FakeSigner, type RequestSigner } from './signing/request-signer.ts';
import type { SigningKeys } from './signing/signing-keys.ts';
import { type CertificateKind, OwnAuthority } from './tls/own-authority.ts';
import type { TurnableClock } from './turnable-clock.ts';
import type { AlertRow } from './world/alerts.ts';
import type { App } from './world/apps.ts';
import { makeWorld } from './world/make-world.ts';
import type { StatusReport } from './world/statuses.ts';
import type { Tenants } from './world/tenants.ts';
import type { WorkloadRow } from './world/workloads.ts';
import type { World } from './world/world.ts';

const DEFAULT_ISSUER = 'https://acronis.cloud';

/** Acronis in this process (CyberApp 6): tokens, signing keys, alerts, workloads and tenants of several data centers. */
export class FakeAcronis implements AsyncDisposable {
  /** `iss` of request tokens. */
  readonly issuer: string;
  /** Makes request tokens, for drivers of callbacks. */
  readonly signer: RequestSigner;
  readonly #world: World;
  readonly #listeners: readonly Listener[];
  readonly #closed = new AbortController();
  readonly #tls: FakeTls | undefined;
  readonly #authority: OwnAuthority;

  private constructor(options: FakeAcronisOptions) {
    this.issuer = options.issuer ?? DEFAULT_ISSUER;
    this.#authority = new OwnAuthority();
    this.#tls = options.tls === 'own' ? this.#authority.issue('good') : options.tls;
    this.#world = makeWorld(options);
    this.signer = new FakeSigner({ ...this.#world, issuer: this.issuer });
    this.#listeners = this.#world.datacenters.map((datacenter, index) => {
      const parts = { world: this.#world, signer: this.signer, datacenter, closed: this.#closed.signal, reset: () => this.reset() };
      return new Listener(parts, { tls: this.#tls, port: options.ports?.[index] ?? 0 });
    });
  }

  /** Starts one on 127.0.0.1; it listens when the promise is fulfilled. @throws RangeError for tenants or codes that cannot be */
  static async start(options: FakeAcronisOptions): Promise<FakeAcronis> {
    const fake = new FakeAcronis(options);
    try {
      await Promise.all(fake.#listeners.map((listener) => listener.up()));
    } catch (error) {
      await fake.close();
      throw error;
    }
    return fake;
  }

  /** `http://127.0.0.1:1234`, what clients take as the URL of a data center; without an id that of the first. */
  url(datacenter?: string): string {
    return this.#listener(datacenter).url;
  }

  /** PEM of the root of its own certificates: with `tls: 'own'`, and of those that `showCertificate` shows. */
  get ca(): string {
    return this.#authority.ca;
  }

  /**
   * What every data center shows to new connections; open ones are cut. `good` is what it was started with.
   * @throws Error for a fake without TLS
   */
  showCertificate(kind: CertificateKind): void {
    const pair = kind === 'good' && this.#tls !== undefined ? this.#tls : this.#authority.issue(kind);
    for (const listener of this.#listeners) listener.show(pair);
  }

  /** Where the keys of request tokens are. */
  get keysUrl(): string {
    return `${this.url()}/api/idp/v1/keys`;
  }

  /** The time of everything the fake says; `advance(ms)` turns it on. */
  get clock(): TurnableClock {
    return this.#world.clock;
  }

  get faults(): Faults {
    return this.#world.faults;
  }

  /** What was asked. */
  get requests(): Recorder {
    return this.#world.recorder;
  }

  /** What the documentation leaves open; may be changed. */
  get unsettled(): Unsettled {
    return this.#world.unsettled;
  }

  get tenants(): Tenants {
    return this.#world.tenants;
  }

  get keys(): SigningKeys {
    return this.#world.keys;
  }

  /** All, dismissed ones too, oldest first. */
  get alerts(): readonly AlertRow[] {
    return this.#world.alerts.all;
  }

  /** Those that nobody has dismissed. */
  get openAlerts(): readonly AlertRow[] {
    return this.alerts.filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** Oldest first. */
  get workloads(): readonly WorkloadRow[] {
    return this.#world.workloads.all;
  }

  get statuses(): readonly StatusReport[] {
    return this.#world.statuses;
  }

  /** Whether a client has deleted without saying what; then disposing fails. */
  get sawUnfilteredDelete(): boolean {
    return this.#world.tripped.length > 0;
  }

  /** @throws RangeError for a code that no app has */
  app(code: string): App {
    const found = this.#world.apps.find((app) => app.code === code);
    if (found === undefined) throw new RangeError(`there is no app ${code}`);
    return found;
  }

  /** For `onAccepted` of a driver: from now on the app's client may act where the handler has accepted the enablement, and below. */
  follow(code: string): (accepted: Accepted) => void {
    return following(this.app(code));
  }

  /** What a person does who dismisses an alert in the console. */
  dismiss(alertId: string): boolean {
    return this.#world.alerts.dismiss(alertId, this.clock.now());
  }

  /** An old alert vanishes for good. */
  purgeAlert(alertId: string): void {
    this.#world.alerts.purge(alertId);
  }

  /** What a person does who deletes a workload in the console. */
  removeWorkload(id: string): boolean {
    return this.#world.workloads.remove(id);
  }

  /** All access tokens are dead from now on. */
  revokeTokens(): void {
    this.#world.tokens.revokeAll();
  }

  /** Nobody listens at a data center any more, until `bringUp`. */
  async takeDown(datacenter: string): Promise<void> {
    await this.#listener(datacenter).down();
  }

  /** At the same address as before. */
  async bringUp(datacenter: string): Promise<void> {
    await this.#listener(datacenter).up();
  }

  /** Connections that are open, over all data centers. */
  async connectionCount(): Promise<number> {
    const counts = await Promise.all(this.#listeners.map((listener) => listener.connections()));
    return counts.reduce((sum, one) => sum + one, 0);
  }

  /** Forgets alerts, workloads, statuses, tokens, faults and what was asked; keys, tenants and clock stay. */
  reset(): void {
    const { alerts, workloads, statuses, tokens, faults, recorder, tripped } = this.#world;
    for (const book of [alerts, workloads, faults, recorder]) book.clear();
    tokens.revokeAll();
    statuses.length = 0;
    tripped.length = 0;
  }

  /** Stops listening and cuts all connections, those of hung requests among them. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#listeners.map((listener) => listener.down()));
  }

  /** Closes. @throws Error when a client has deleted without saying what */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    if (this.sawUnfilteredDelete) throw new Error(`a client deleted without saying what: ${this.#world.tripped.join('; ')}`);
  }

  #listener(datacenter: string | undefined): Listener {
    const found = this.#listeners.find((listener) => datacenter === undefined || listener.datacenter === datacenter);
    if (found === undefined) throw new RangeError(`there is no data center ${datacenter}`);
    return found;
  }
}
