import { createHash } from 'node:crypto';
import { CscpClient, CscpPool, type CscpPoolStats } from '@fairlead/cscp';
import type { CommitRecord, CommittedChange, EngineLog, Schema } from '@fairlead/engine-cce';
import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import type { Backend, BackendCapabilities, BackendConnection, Identity, UseOptions } from '../backend.ts';
import { Authentication, logInAs, type ServiceCredentials } from './authentication.ts';
import { backendFailure, cscpCause } from './backend-failure.ts';
import { CommitFollower } from './local-commits.ts';
import { NamespaceCache } from './read-objects.ts';
import { SocketConnection } from './socket-connection.ts';

/** Connections on which credentials are tried bear whatever identity that gave them: they are used for nothing else, and each use begins with AUTH or AUTHKEY. */
const LOGIN = { kind: 'login' } as const;
/** A connection bears an identity for at most twice this: then the session is verified anew, which also moves its end on (cce 1.8). */
const ROUND_MS = 10_000;
const HEALTH_MS = 5000;
/** Changes of these end sessions (cce 1.8), whosever: the connections that bear them are not used again. */
const ENDS_SESSIONS: ReadonlySet<string> = new Set(['enabled', 'password', 'crypt_password', 'suspend']);

export interface SocketBackendOptions {
  /** `[cce] unix_socket_path`. */
  readonly socketPath: string;
  /** `[cce] socket_read_timeout`: for the greeting, for each command, and for a free connection. */
  readonly timeoutMs: number;
  /** What is known of the schema: a cced tells none. */
  readonly schema: Schema;
  readonly serviceCredentials: ServiceCredentials;
  readonly clock: Clock;
  readonly log: EngineLog;
  /** Most connections; 32 unless told. */
  readonly connections?: number | undefined;
}

/** Commands at a cced behind a Unix socket. */
export class SocketBackend implements Backend {
  readonly kind = 'socket';
  readonly capabilities: BackendCapabilities = { dryRun: false, events: 'local' };
  readonly schema: Schema;
  readonly #options: SocketBackendOptions;
  readonly #pool: CscpPool;
  readonly #authentication: Authentication;
  readonly #namespaces: NamespaceCache;
  readonly #listeners = new Set<(commit: CommitRecord) => void>();
  /** Whom a connection acts for. */
  readonly #oids = new WeakMap<CscpClient, string>();
  #isDown = false;
  /** Goes on with each commit that may have ended a session. */
  #era = 0;

  constructor(options: SocketBackendOptions) {
    const { socketPath, timeoutMs, clock } = options;
    this.#options = options;
    this.schema = options.schema;
    const limits = { maxTotal: options.connections, idleMs: ROUND_MS, waitMs: timeoutMs };
    this.#pool = new CscpPool({ connect: { socketPath, timeoutMs }, ...limits });
    this.#authentication = new Authentication(options.serviceCredentials);
    this.#namespaces = new NamespaceCache(() => clock.now());
  }

  /** Connections by state, for the metrics. */
  get stats(): CscpPoolStats {
    return this.#pool.stats;
  }

  async use<T>(
    identity: Identity,
    work: (connection: BackendConnection) => Promise<T>,
    signal: AbortSignal,
    { peer = '' }: UseOptions = {},
  ): Promise<T> {
    return this.#withClient(identity, signal, async (client) => {
      const committer = { oid: this.#oids.get(client) ?? '-1', name: identity.kind === 'anonymous' ? '' : identity.user, peer };
      const follower = new CommitFollower(committer, this.#options.clock);
      const { timeoutMs } = this.#options;
      const namespaces = this.#namespaces;
      const onCommit = (commit: CommitRecord) => this.#tell(commit);
      try {
        return await work(new SocketConnection({ client, signal, follower, namespaces, onCommit }));
      } finally {
        // Nobody was told the id of this session.
        if (identity.kind === 'password' && client.usable) await client.execute({ verb: 'ENDKEY' }, { timeoutMs }).catch(() => undefined);
      }
    });
  }

  login(user: string, password: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#withClient(LOGIN, signal, async (client) => (await logInAs(client, { verb: 'AUTH', user, password }, signal)).sessionId);
  }

  verify(user: string, sessionId: string, signal: AbortSignal): Promise<boolean> {
    return this.#withClient(
      LOGIN,
      signal,
      async (client) => (await logInAs(client, { verb: 'AUTHKEY', user, sessionId }, signal)).oid !== undefined,
    );
  }

  async endSession(user: string, sessionId: string, signal: AbortSignal): Promise<void> {
    await this.#withClient(LOGIN, signal, async (client) => {
      const { oid } = await logInAs(client, { verb: 'AUTHKEY', user, sessionId }, signal);
      if (oid !== undefined) await client.execute({ verb: 'ENDKEY' }, { signal });
    });
    for (const round of [0, 1]) this.#pool.forget(this.#keyOf({ kind: 'session', user, sessionId }, round));
  }

  onCommit(listener: (commit: CommitRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async health(signal: AbortSignal): Promise<{ ok: boolean; suspended?: string | undefined; text: string }> {
    try {
      await using client = await CscpClient.connect({ socketPath: this.#options.socketPath, timeoutMs: HEALTH_MS, signal });
      const { suspended, version } = client.greeting;
      return { ok: true, suspended, text: `cced answers with CSCP/${version}` };
    } catch (error) {
      return { ok: false, text: error instanceof Error ? error.message : 'cced does not answer' };
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool[Symbol.asyncDispose]();
  }

  async #withClient<T>(identity: Identity | typeof LOGIN, signal: AbortSignal, work: (client: CscpClient) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const job = {
      identityKey: this.#keyOf(identity),
      authenticate: async (client: CscpClient, until: AbortSignal) => {
        if (identity.kind !== 'login') this.#oids.set(client, await this.#authentication.take(client, identity, until));
      },
      // The pool must see the failure of CSCP itself to tell whether anything was sent.
      work: (client: CscpClient) => work(client).catch((error: unknown) => Promise.reject(cscpCause(error))),
      signal,
    };
    try {
      const result = await this.#pool.use(job);
      this.#noteUp();
      return result;
    } catch (error) {
      const failure = backendFailure(error, signal);
      this.#noteDown(failure);
      throw failure;
    }
  }

  /** A digest, so that no password or session id stands in a map for longer than it is needed. */
  #keyOf(identity: Identity | typeof LOGIN, roundsAgo = 0): string {
    if (identity.kind === 'anonymous' || identity.kind === 'login') return identity.kind;
    const round = Math.floor(this.#options.clock.now() / ROUND_MS) - roundsAgo;
    const secret = { session: 'sessionId' in identity && identity.sessionId, password: 'password' in identity && identity.password };
    return createHash('sha256')
      .update(JSON.stringify([round, this.#era, identity.kind, identity.user, secret]))
      .digest('base64');
  }

  #tell(commit: CommitRecord): void {
    if (commit.changes.some(mayEndSessions)) this.#era += 1;
    for (const listener of this.#listeners) listener(commit);
  }

  #noteDown(failure: unknown): void {
    if (this.#isDown || !(failure instanceof GatewayError) || failure.code !== 'CCE_BACKEND_UNREACHABLE') return;
    this.#isDown = true;
    this.#options.log.error({ socket: this.#options.socketPath, reason: failure.message }, 'BACKEND down');
  }

  #noteUp(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#options.log.info({ socket: this.#options.socketPath }, 'BACKEND up');
  }
}

function mayEndSessions({ kind, values }: CommittedChange): boolean {
  return kind === 'destroy' || [...(values.get('')?.keys() ?? [])].some((key) => ENDS_SESSIONS.has(key));
}
