import type { ClientConnection, ConnectAs, ConnectOptions } from '../connection.ts';
import type { CommitRecord, Engine, EngineOptions, InstallObject } from '../engine-contract.ts';
import { CceEngineError } from '../errors.ts';
import type { Binding } from '../handlers/handler.ts';
import type { LintFinding, Schema, SourceFile } from '../schema/schema.ts';
import { perform } from './commands/perform.ts';
import { EngineCore } from './core.ts';
import { EngineConnection } from './engine-connection.ts';
import { ADMIN_FLAG, ANONYMOUS, type Identity } from './identity.ts';
import { openIndexes, renewIndexes } from './indexes.ts';
import { installObjects } from './install.ts';
import { readLanguage } from './language.ts';
import { beginSession, enabledUser, findSessionUser, logIn } from './log-in.ts';
import { readObjects } from './read-objects.ts';
import { readOid } from './replies.ts';
import { View } from './view.ts';

/** Opens the object database over a storage. Rejects when the storage is away. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const core = new EngineCore(options, readLanguage(options, options), { perform, readObjects });
  await openIndexes(core);
  return new CceEngine(core);
}

class CceEngine implements Engine {
  readonly #core: EngineCore;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  get schema(): Schema {
    return this.#core.language.schema;
  }

  get bindings(): readonly Binding[] {
    return this.#core.language.bindings;
  }

  get findings(): readonly LintFinding[] {
    return this.#core.language.findings;
  }

  suspended(): Promise<string | undefined> {
    return this.#core.suspended();
  }

  async connect(as: ConnectAs, { peer = '', atOnce }: ConnectOptions = {}): Promise<ClientConnection> {
    this.#core.stopping.signal.throwIfAborted();
    const view = new View(this.#core, undefined);
    const reads = (atOnce?.reads ?? []).flatMap((oid) => readOid(oid) ?? []);
    const [identity, suspended] = await Promise.all([this.#identityOf(as, view, reads), atOnce ? undefined : this.#core.suspended()]);
    // Those that there are when the engine stops are ended by it; one that came later would be nobody's.
    this.#core.stopping.signal.throwIfAborted();
    const connection = new EngineConnection({ core: this.#core, context: 'CLIENT', identity, peer, suspended });
    if (atOnce) connection.firstView = view;
    if (as.kind === 'session') connection.session = as.sessionId;
    return connection;
  }

  async login(user: string, password: string): Promise<string | undefined> {
    if (user === '') return undefined;
    const found = await logIn(this.#core, user, password);
    return found && beginSession(this.#core, found);
  }

  async verifySession(user: string, sessionId: string): Promise<boolean> {
    return (await findSessionUser(this.#core, { user, sessionId })) !== undefined;
  }

  endSession(sessionId: string): Promise<void> {
    return this.#core.sessions.revoke(sessionId);
  }

  reload(files: { readonly schemas: readonly SourceFile[]; readonly bindings: readonly SourceFile[] }): void {
    this.#core.language = readLanguage(files, this.#core.options);
    renewIndexes(this.#core);
  }

  install(objects: readonly InstallObject[]): Promise<number> {
    return installObjects(this.#core, objects);
  }

  onCommit(listener: (commit: CommitRecord) => void): () => void {
    this.#core.listeners.add(listener);
    return () => this.#core.listeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#core.stopping.abort(CceEngineError('CCE_ENGINE_CLOSED'));
    await Promise.all([...this.#core.connections].map((connection) => connection[Symbol.asyncDispose]()));
    await this.#core.indexing;
  }

  async #identityOf(as: ConnectAs, view: View, reads: readonly number[]): Promise<Identity> {
    if (as.kind === 'anonymous') return ANONYMOUS;
    if (as.kind === 'admin') return ADMIN_FLAG;
    const name = as.kind === 'user' ? as.name : as.user;
    const user =
      as.kind === 'user'
        ? await enabledUser(this.#core, view, name, reads)
        : await findSessionUser(this.#core, { user: name, sessionId: as.sessionId }, view, reads);
    if (!user) throw CceEngineError('CCE_ENGINE_NO_USER', { user: name });
    return { oid: user.oid, name, admin: false };
  }
}
