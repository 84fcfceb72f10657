import type { Operation, Reply } from '@fairlead/cscp/codec';
import type {
  Binding,
  ClientConnection,
  CommitRecord,
  ConnectAs,
  ConnectOptions,
  Engine,
  EngineReply,
  ExecuteOptions,
  ObjectView,
  Schema,
} from '@fairlead/engine-cce';
import { CceError } from '../../errors.ts';
import type { Backend, BackendCapabilities, BackendConnection, Identity, UseOptions } from '../backend.ts';

/** Commands at the engine in this process (cce 0.1). */
export class EmbeddedBackend implements Backend {
  readonly kind = 'embedded';
  readonly capabilities: BackendCapabilities = { dryRun: true, events: 'engine' };
  readonly #engine: Engine;

  /** The engine stays the caller's: disposing of the backend leaves it open. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get schema(): Schema {
    return this.#engine.schema;
  }

  get bindings(): readonly Binding[] {
    return this.#engine.bindings;
  }

  async use<T>(
    identity: Identity,
    work: (connection: BackendConnection) => Promise<T>,
    signal: AbortSignal,
    { peer, reads = [] }: UseOptions = {},
  ): Promise<T> {
    signal.throwIfAborted();
    const from = { atOnce: { reads }, ...(peer !== undefined && { peer }) };
    if (identity.kind === 'password') return this.#useWithPassword(identity, { work, from, signal });
    await using connection = await this.#connect(identity, from);
    return await work(new EmbeddedConnection(connection, signal));
  }

  login(user: string, password: string, signal: AbortSignal): Promise<string | undefined> {
    signal.throwIfAborted();
    return this.#engine.login(user, password);
  }

  verify(user: string, sessionId: string, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    return this.#engine.verifySession(user, sessionId);
  }

  async endSession(user: string, sessionId: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    // Only its owner ends a session: ENDKEY comes after AUTHKEY.
    if (await this.#engine.verifySession(user, sessionId)) await this.#engine.endSession(sessionId);
  }

  onCommit(listener: (commit: CommitRecord) => void): () => void {
    return this.#engine.onCommit(listener);
  }

  async health(_signal: AbortSignal): Promise<{ ok: boolean; suspended?: string | undefined; text: string }> {
    try {
      const suspended = await this.#engine.suspended();
      return { ok: true, suspended, text: suspended === undefined ? 'the engine answers' : 'the engine answers and is suspended' };
    } catch (error) {
      return { ok: false, text: error instanceof Error ? error.message : 'the engine does not answer' };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #connect(identity: Exclude<Identity, { kind: 'password' }>, from: ConnectOptions): Promise<ClientConnection> {
    if (identity.kind === 'anonymous') return this.#engine.connect(identity, from);
    // As a session without AUTHKEY: the engine would pause after a failure, and whoever guards the door pauses too.
    return this.#connectAs(identity.kind === 'session' ? identity : { kind: 'user', name: identity.user }, from);
  }

  async #connectAs(as: ConnectAs, from: ConnectOptions): Promise<ClientConnection> {
    try {
      return await this.#engine.connect(as, from);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'CCE_ENGINE_NO_USER')
        throw CceError('CCE_LOGIN_FAILED', {}, { cause: error });
      throw error;
    }
  }

  /** The session lives as long as the work: nobody was told its id. */
  async #useWithPassword<T>(identity: Identity & { readonly kind: 'password' }, { work, from, signal }: PasswordWork<T>): Promise<T> {
    const sessionId = await this.#engine.login(identity.user, identity.password, from);
    if (sessionId === undefined) throw CceError('CCE_LOGIN_FAILED');
    try {
      await using connection = await this.#connectAs({ kind: 'user', name: identity.user }, from);
      return await work(new EmbeddedConnection(connection, signal));
    } finally {
      await this.#engine.endSession(sessionId);
    }
  }
}

interface PasswordWork<T> {
  readonly work: (connection: BackendConnection) => Promise<T>;
  readonly from: ConnectOptions;
  readonly signal: AbortSignal;
}

class EmbeddedConnection implements BackendConnection {
  readonly #connection: ClientConnection;
  readonly #signal: AbortSignal;

  constructor(connection: ClientConnection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  execute(operation: Operation, options: ExecuteOptions = {}): Promise<EngineReply> {
    return this.#connection.execute(operation, { signal: this.#signal, ...options });
  }

  async executeAll(operations: readonly Operation[], options?: ExecuteOptions): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    for (const operation of operations) replies.push(await this.execute(operation, options));
    return replies;
  }

  readObjects(oids: readonly string[], signal: AbortSignal = this.#signal): Promise<readonly ObjectView[]> {
    return this.#connection.readObjects(oids, signal);
  }
}
