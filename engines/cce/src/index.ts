export type { ClientConnection, ConnectAs, Connection, ConnectOptions, EngineReply, ExecuteOptions, ObjectView } from './connection.ts';
export { openEngine } from './engine/open-engine.ts';
export type {
  CommitRecord,
  CommittedChange,
  Engine,
  EngineLog,
  EngineOptions,
  EngineSessions,
  InstallObject,
  SessionUser,
} from './engine-contract.ts';
export { CceEngineError } from './errors.ts';
export { parseBindings } from './handlers/bindings.ts';
export type { Binding, HandlerCall, HandlerEvent, HandlerOutcome, NativeHandler, Stage } from './handlers/handler.ts';
export type { Program, ProgramPort } from './handlers/programs.ts';
export { loadSchema } from './schema/index.ts';
export type { ClassType, LintFinding, NamespaceType, Property, Schema, SourceFile, Typedef } from './schema/schema.ts';
export { kernelSessions, type SessionLife } from './sessions/kernel-sessions.ts';
export { memorySessions } from './sessions/memory-sessions.ts';
export { MemoryStorage } from './storage/memory-storage.ts';
export { codbMigrations } from './storage/migrations.ts';
export type {
  CommitOutcome,
  IndexEntry,
  ObjectStorage,
  ScanPage,
  ScanRequest,
  StorageChange,
  StoredObject,
  StoredWrite,
} from './storage/object-storage.ts';
export { SqlStorage } from './storage/sql-storage.ts';
