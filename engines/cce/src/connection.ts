import type { CscpContext, CscpState, Greeting, Operation, Reply } from '@fairlead/cscp/codec';

/** A reply of the engine: that of CSCP, and what only callers in the same process are told. */
export interface EngineReply extends Reply {
  /** Events of the transaction that this command committed: `56..description`, `57._CREATE`. */
  readonly events?: readonly string[];
  /** There when the engine had to roll back after handlers had started: the events that were announced to rollback handlers. */
  readonly rollback?: readonly string[];
  /** Id of the transaction that was committed. */
  readonly transaction?: string;
}

/** What one command may ask besides itself (cce 12.6). */
export interface ExecuteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Validate, ask the ACL, run the VALIDATE stage, then discard. */
  readonly dryRun?: boolean | undefined;
}

/** One caller at the engine. Commands of one connection run one after the other, in the order of the calls. */
export interface Connection extends AsyncDisposable {
  readonly context: CscpContext;
  readonly state: CscpState;
  greeting(): Greeting;
  /** Never rejects for what a caller did; rejects when the store is away (`FAIRLEAD_STORE`) or the signal ended. */
  execute(operation: Operation, options?: ExecuteOptions): Promise<EngineReply>;
  /** As a peer that is gone: an open transaction is discarded. A handler that had not said BYE has failed. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A connection of somebody who is no handler. */
export interface ClientConnection extends Connection {
  /** The User that it acts for, `-1` when anonymous or on the admin flag alone. */
  readonly oid: string;
  /** Objects with all their namespaces that the caller may read, in one pass; unknown OIDs are left out. Order of the request. */
  readObjects(oids: readonly string[], signal?: AbortSignal): Promise<readonly ObjectView[]>;
}

/** What GET shows, for every namespace; magic properties are there, the default namespace has the empty name. */
export interface ObjectView {
  readonly oid: string;
  readonly class: string;
  readonly namespaces: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Who a new connection acts for. */
export type ConnectAs =
  | { readonly kind: 'anonymous' }
  /** The admin flag (cce 1.1), until the first AUTH or AUTHKEY. */
  | { readonly kind: 'admin' }
  /** A User by name without a password: the gateway has checked a credential of its own. Rejected with `CCE_ENGINE_NO_USER` when there is none that is enabled. */
  | { readonly kind: 'user'; readonly name: string }
  /** AUTHKEY before the first command, without its pause. Rejected with `CCE_ENGINE_NO_USER` when the session is not alive, or another's. */
  | { readonly kind: 'session'; readonly user: string; readonly sessionId: string };

export interface ConnectOptions {
  /** Address or socket of the caller, for records. */
  readonly peer?: string;
  /**
   * The first command comes at once. Nobody reads the greeting, so the store is not asked whether writes are refused; and that command, when it only
   * reads, sees the User and the named objects as they are now, so that they are read together.
   */
  readonly atOnce?: { readonly reads: readonly string[] } | undefined;
}
