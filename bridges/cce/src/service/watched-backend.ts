import type { Reply } from '@fairlead/cscp/codec';
import type { Binding, CommitRecord, EngineReply, Schema } from '@fairlead/engine-cce';
import { CceError } from '../errors.ts';
import type { Backend, BackendCapabilities, BackendConnection, Identity, UseOptions } from './backend.ts';
import { KeptAccount } from './kept-account.ts';

export interface WatchedOptions {
  /** Nobody logs in under these names with a password, however right it is (cce 7.6). */
  readonly refused: ReadonlySet<string>;
  /** A commit was refused because another one had changed the same object. */
  readonly onConflict: () => void;
}

/** A backend whose logins and conflicts are watched, and whose account for remote callers is kept. */
export class WatchedBackend implements Backend {
  readonly #backend: Backend;
  readonly #options: WatchedOptions;

  constructor(backend: Backend, options: WatchedOptions) {
    this.#backend = backend;
    this.#options = options;
  }

  get kind(): Backend['kind'] {
    return this.#backend.kind;
  }

  get capabilities(): BackendCapabilities {
    return this.#backend.capabilities;
  }

  get schema(): Schema {
    return this.#backend.schema;
  }

  get bindings(): readonly Binding[] | undefined {
    return this.#backend.bindings;
  }

  async use<T>(
    identity: Identity,
    work: (connection: BackendConnection) => Promise<T>,
    signal: AbortSignal,
    options?: UseOptions,
  ): Promise<T> {
    if (identity.kind === 'password' && this.#options.refused.has(identity.user)) throw CceError('CCE_LOGIN_FAILED');
    return await this.#backend.use(identity, (connection) => work(this.#watched(new KeptAccount(connection))), signal, options);
  }

  async login(user: string, password: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#options.refused.has(user) ? undefined : await this.#backend.login(user, password, signal);
  }

  verify(user: string, sessionId: string, signal: AbortSignal): Promise<boolean> {
    return this.#backend.verify(user, sessionId, signal);
  }

  endSession(user: string, sessionId: string, signal: AbortSignal): Promise<void> {
    return this.#backend.endSession(user, sessionId, signal);
  }

  onCommit(listener: (commit: CommitRecord) => void): () => void {
    return this.#backend.onCommit(listener);
  }

  health(signal: AbortSignal): ReturnType<Backend['health']> {
    return this.#backend.health(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#backend[Symbol.asyncDispose]();
  }

  #watched(connection: BackendConnection): BackendConnection {
    const seen = <Seen extends Reply | EngineReply>(reply: Seen): Seen => {
      if (isConflict(reply)) this.#options.onConflict();
      return reply;
    };
    return {
      execute: async (operation, options) => seen(await connection.execute(operation, options)),
      executeAll: async (operations, options) => (await connection.executeAll(operations, options)).map(seen),
      readObjects: (oids, signal) => connection.readObjects(oids, signal),
    };
  }
}

/** `306 ERROR CONFLICT <oid>` (cce 4.4). */
function isConflict({ lines }: Reply): boolean {
  return lines.some((line) => line.code === 306 && line.text.startsWith('CONFLICT '));
}
