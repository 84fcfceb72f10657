export type { ClientConnection, ConnectAs, Connection, EngineReply, ExecuteOptions, ObjectView } from './connection.ts';
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
export type { HandlerCall, HandlerEvent, HandlerOutcome, NativeHandler } from './handlers/handler.ts';
export type { Program, ProgramPort } from './handlers/programs.ts';
export type { ClassType, LintFinding, NamespaceType, Property, Schema, SourceFile } from './schema/schema.ts';
export type {
  CommitOutcome,
  IndexEntry,
  ObjectStorage,
  ScanRequest,
  StorageChange,
  StoredObject,
  StoredWrite,
} from './storage/object-storage.ts';
