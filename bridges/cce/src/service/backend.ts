import type { Operation, Reply } from '@fairlead/cscp/codec';
import type { Binding, CommitRecord, EngineReply, ExecuteOptions, ObjectView, Schema } from '@fairlead/engine-cce';

/** For whom a command runs. */
export type Identity =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'session'; readonly user: string; readonly sessionId: string }
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  /** A user in whose name the gateway itself acts: api-admin, or the user of a scoped secret. */
  | { readonly kind: 'service'; readonly user: string };

/** A CSCP connection that bears an identity, at the embedded engine or at a real cced. */
export interface BackendConnection {
  /** Rejects with `CCE_BACKEND_*` when the backend is away, `CCE_DRYRUN_UNSUPPORTED` when a dry run is asked of one that knows none; a write is never sent twice. */
  execute(operation: Operation, options?: ExecuteOptions): Promise<EngineReply>;
  /** Several commands in order; over a socket they are sent together. A refusal of one does not stop the next. */
  executeAll(operations: readonly Operation[], options?: ExecuteOptions): Promise<readonly Reply[]>;
  /** Objects with all their namespaces, in one pass; unknown OIDs are left out. Order of the request. */
  readObjects(oids: readonly string[], signal?: AbortSignal): Promise<readonly ObjectView[]>;
}

/** What a backend can do beyond CSCP; told truthfully to whoever asks (cce 12). */
export interface BackendCapabilities {
  /** `ExecuteOptions.dryRun` is carried out. */
  readonly dryRun: boolean;
  /** `engine`: every commit is told, whoever made it; `local`: only what went through this gateway (cce 12.1). */
  readonly events: 'engine' | 'local';
}

export interface UseOptions {
  /** The caller's address, for the audit. */
  readonly peer?: string | undefined;
  /** Objects that the work looks at first, so that they can be read together with the caller. */
  readonly reads?: readonly string[] | undefined;
}

/** What carries out the commands (cce 0.1): the same suite of tests holds for both. */
export interface Backend extends AsyncDisposable {
  readonly kind: 'embedded' | 'socket';
  readonly capabilities: BackendCapabilities;
  /** The schema: exactly that of the engine, or the shipped one before a real cced, which tells none of its own (cce 12.3). */
  readonly schema: Schema;
  /** Which handler runs for which event; undefined before a real cced, which does not tell. */
  readonly bindings?: readonly Binding[] | undefined;
  /**
   * Gives the work a connection that bears the identity; it is not shared meanwhile, and whatever transaction was left open is discarded.
   * Rejects with `CCE_LOGIN_FAILED` when the credentials are refused (the work is not begun), `CCE_BACKEND_UNREACHABLE`, `CCE_BACKEND_TIMEOUT`.
   */
  use<T>(identity: Identity, work: (connection: BackendConnection) => Promise<T>, signal: AbortSignal, options?: UseOptions): Promise<T>;
  /** The id of a new session, or undefined when user or password are wrong. */
  login(user: string, password: string, signal: AbortSignal): Promise<string | undefined>;
  /** Whether the session is alive; that also moves its end on. */
  verify(user: string, sessionId: string, signal: AbortSignal): Promise<boolean>;
  /** Ends a session; no error when there is none. */
  endSession(user: string, sessionId: string, signal: AbortSignal): Promise<void>;
  /**
   * Calls back after each commit, in order; answers how to stop that. With `events: 'local'` a record is made from the command: every given value counts
   * as a change, and of a changed or destroyed object the class is only known (else empty) when the command named it.
   */
  onCommit(listener: (commit: CommitRecord) => void): () => void;
  /** Tells whether it answers, for `/readyz`. Never rejects. */
  health(signal: AbortSignal): Promise<{ readonly ok: boolean; readonly suspended?: string | undefined; readonly text: string }>;
}
