import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Section, SectionValues } from '../config/index.ts';
import type { ErrorSpec } from '../errors/index.ts';
import type { Job } from '../jobs/index.ts';
import type { Limits } from '../limits/index.ts';
import type { Log, Scrubber } from '../log/index.ts';
import type { InstrumentTable, Metrics } from '../metrics/index.ts';
import type { DigestColumn, SealedColumn, Secrets } from '../secrets/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { Migration, Store } from '../store/index.ts';
import type { Authority } from '../tls/index.ts';
import type { ServiceRegistry } from './registry.ts';

export type BridgeId = 'ovirt' | 'image' | 'cce' | 'cyberapp' | 'ovh';

export interface Health {
  readonly ok: boolean;
  /** One fact a line, for people; no secret. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** Where this gateway is reached and where it keeps things: `[server]` as far as bridges need it. */
export interface ServerFacts {
  /** First of `[server] public_ip`, else the address of this machine: what URLs are made with. */
  readonly publicAddress: string;
  readonly host: string;
  readonly port: number;
  /** Base path of the oVirt face. */
  readonly path: string;
  readonly stateDir: string;
  readonly runDir: string;
  /** `[server] trusted_proxies`, for a bridge with a listener of its own; none when absent. */
  readonly trustedProxies?: readonly string[];
}

/** All that a bridge is given. */
export interface BridgeContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes secrets that stand in files which the configuration only names: no line of the log shows them from then on. */
  readonly scrubber?: Pick<Scrubber, 'add'>;
  readonly secrets: Secrets;
  readonly sessions: Sessions;
  readonly audit: Audit;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly authority: Authority;
  readonly services: ServiceRegistry;
  readonly server: ServerFacts;
}

/** Mounts a face of a bridge on a listener; `App` is the HTTP kit's application. */
export interface ListenerPlugin<App> {
  readonly listener: 'main';
  /** Paths of the face: every path below answers in its dialect. */
  readonly prefixes: readonly string[];
  /** One word for the line at `GET /`. */
  readonly face: string;
  register(app: App): Promise<void>;
  /** Under which path a request is counted, for a face that finds its routes itself: a template of few, nothing that the caller wrote. */
  routeOf?(method: string, url: string): string;
}

export interface RunningBridge<App> extends AsyncDisposable {
  readonly plugins: readonly ListenerPlugin<App>[];
  /** Addresses of listeners that the bridge opened itself, by face. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** Periodic work of which one gateway of a cluster does each; begun when everything is up, ended before the bridge is. */
  readonly jobs?: readonly Job[];
  health(signal: AbortSignal): Promise<Health>;
  /**
   * Takes up what may change without a restart, at SIGHUP: files, and of the configuration, read anew, what the bridge says it takes.
   * Given are the values of its sections, as at its start. Rejects, and goes on with what it had, when that cannot be used.
   */
  reload?(config: unknown): Promise<void>;
}

/** The one interface that every bridge implements. */
export interface Bridge<Sections extends readonly Section[], App> {
  readonly id: BridgeId;
  readonly title: string;
  /** One or more sections; the first bears the id. The bridge is on when one of them is in the file. */
  readonly config: Sections;
  readonly errors: readonly ErrorSpec[];
  readonly migrations: readonly Migration[];
  /** Instruments, for the reference. */
  readonly metrics: readonly InstrumentTable[];
  /** Columns that hold sealed values: sealed anew when the server secret has changed. */
  readonly sealed: readonly SealedColumn[];
  /** Columns that hold digests under the server secret. */
  readonly digests: readonly DigestColumn[];
  start(context: BridgeContext, config: SectionValues<Sections>): Promise<RunningBridge<App>>;
}
