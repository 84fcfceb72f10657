import type { Clock } from '@fairlead/kernel/clock';
import type { ClientConnection, ConnectAs, ConnectOptions } from './connection.ts';
import type { Binding, NativeHandler } from './handlers/handler.ts';
import type { ProgramPort } from './handlers/programs.ts';
import type { LintFinding, Schema, SourceFile } from './schema/schema.ts';
import type { ObjectStorage } from './storage/object-storage.ts';

/** What an engine is made of. `openEngine(options)` answers an `Engine`. */
export interface EngineOptions {
  readonly storage: ObjectStorage;
  readonly sessions: EngineSessions;
  /** `.schema` files. */
  readonly schemas: readonly SourceFile[];
  /** `.conf` files: which handler runs for which event. */
  readonly bindings: readonly SourceFile[];
  /** Functions behind `native:<name>` of the bindings. */
  readonly handlers: Readonly<Record<string, NativeHandler>>;
  /** Absent: bindings and rules that need a program fail, with a line in the log. */
  readonly programs?: ProgramPort | undefined;
  readonly clock: Clock;
  readonly log: EngineLog;
  /** `HANDLER` programs and functions are ended after this. Milliseconds. */
  readonly handlerTimeoutMs: number;
  /** What BEGIN opened is discarded when no command comes for so many milliseconds, so that nobody holds objects for ever. Absent: 5 minutes. */
  readonly idleTransactionMs?: number | undefined;
  /** Milliseconds of the pause after a failed AUTH or AUTHKEY; the caller waits, nobody else. Absent: 500 to 3000 at random. */
  readonly failurePauseMs?: (() => number) | undefined;
  /** `extern` types run programs. */
  readonly allowExternTypes?: boolean | undefined;
  readonly schemaStrictBool?: boolean | undefined;
  /** Characters of the longest password (cce 2.6); absent: what the type says. */
  readonly passwordMax?: number | undefined;
  /** OIDs that something outside of the engine names (a queued command): not given away again meanwhile. */
  readonly heldOids?: (() => Promise<ReadonlySet<number>>) | undefined;
  /** As the original's flags -nh, -tf and -ro. */
  readonly noHandlers?: boolean | undefined;
  readonly failTransactions?: boolean | undefined;
  readonly readOnly?: boolean | undefined;
}

/** What the engine says to the log; the values of passwords never are in it. */
export interface EngineLog {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
  error(facts: object, text: string): void;
}

/** Session keys (cce 1.8): 63 characters `[A-Za-z0-9]`, kept as digests. */
export interface EngineSessions {
  /** Ends the oldest of a user beyond 100. */
  issue(user: SessionUser): Promise<string>;
  /** The user of a living session, and moves its end on; undefined when it ended or never was. */
  verify(sessionId: string): Promise<SessionUser | undefined>;
  revoke(sessionId: string): Promise<void>;
  revokeUser(oid: number): Promise<void>;
}

export interface SessionUser {
  readonly oid: number;
  readonly name: string;
}

/** One committed transaction, told after it is durable. */
export interface CommitRecord {
  readonly transaction: string;
  readonly atMs: number;
  /** OID of the User whose command it was, `-1` for nobody, and its name, `admin flag` for that. */
  readonly callerOid: string;
  readonly callerName: string;
  /** Address or socket of the caller, as given to `connect`. */
  readonly peer: string;
  readonly changes: readonly CommittedChange[];
}

export interface CommittedChange {
  readonly oid: string;
  readonly class: string;
  readonly kind: 'create' | 'modify' | 'destroy';
  /** Changed properties by namespace, with the new values (of a create: those given); empty for a destroy. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** An object for `install`: forced OID, no handlers, no validation of required properties. */
export interface InstallObject {
  readonly oid: number;
  readonly class: string;
  /** Namespace (empty: default) to property to value. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Engine extends AsyncDisposable {
  readonly schema: Schema;
  /** Which handler runs for which event, in the order of the files. */
  readonly bindings: readonly Binding[];
  readonly findings: readonly LintFinding[];
  /** Why writes are refused, when they are. Kept in the storage. */
  suspended(): Promise<string | undefined>;
  connect(as: ConnectAs, options?: ConnectOptions): Promise<ClientConnection>;
  /** AUTH without a connection: the key of a new session, or undefined, after no pause. */
  login(user: string, password: string, options?: { readonly peer?: string }): Promise<string | undefined>;
  /** AUTHKEY without a connection: whether the session is alive and the user's. */
  verifySession(user: string, sessionId: string): Promise<boolean>;
  endSession(sessionId: string): Promise<void>;
  /** Other schemas and bindings from now on; open transactions keep the ones they began with. A new index is used when its rows are made. */
  reload(files: { readonly schemas: readonly SourceFile[]; readonly bindings: readonly SourceFile[] }): void;
  /** Puts objects that are not there yet; answers how many were missing. Objects that are there stay as they are. */
  install(objects: readonly InstallObject[]): Promise<number>;
  /** Calls back after each commit of this engine, in order; answers how to stop that. */
  onCommit(listener: (commit: CommitRecord) => void): () => void;
}
