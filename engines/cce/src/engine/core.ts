import type { Operation } from '@fairlead/cscp/codec';
import type { Clock } from '@fairlead/kernel/clock';
import type { EngineReply, ObjectView } from '../connection.ts';
import type { CommitRecord, EngineLog, EngineOptions, EngineSessions } from '../engine-contract.ts';
import type { ObjectStorage } from '../storage/object-storage.ts';
import { ObjectCache } from './cache.ts';
import type { EngineConnection } from './engine-connection.ts';
import { FairTurns } from './fair-turns.ts';
import type { Language } from './language.ts';
import { Locks } from './locks.ts';

const SUSPENDED = 'suspended';

/** What a connection can be asked; given in from outside, since commands run handlers, and handlers have connections. */
export interface Commands {
  perform(
    connection: EngineConnection,
    operation: Operation,
    options: { readonly signal: AbortSignal; readonly dryRun: boolean },
  ): Promise<EngineReply>;
  readObjects(connection: EngineConnection, oids: readonly string[], signal: AbortSignal): Promise<readonly ObjectView[]>;
}

/** What all connections of an engine share. */
export class EngineCore {
  readonly options: EngineOptions;
  readonly storage: ObjectStorage;
  readonly sessions: EngineSessions;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly cache: ObjectCache;
  readonly locks: Locks;
  /** Passwords are hashed two at a time. */
  readonly passwordTurns = new FairTurns(2);
  /** One commit after the other, as in the store, so that they are told in their order. */
  readonly commitTurns = new FairTurns(1);
  readonly connections = new Set<EngineConnection>();
  /** Ends when the engine does. */
  readonly stopping = new AbortController();
  readonly listeners = new Set<(commit: CommitRecord) => void>();
  /** Properties whose rows of the index are complete, as `indexName` calls them. */
  readonly completeIndexes = new Set<string>();
  /** Ends when indexes that a new schema asks for are complete. */
  indexing: Promise<void> = Promise.resolve();
  /** Where Users of these names were found. */
  readonly userOids = new Map<string, number>();
  readonly commands: Commands;
  language: Language;

  constructor(options: EngineOptions, language: Language, commands: Commands) {
    this.commands = commands;
    this.options = options;
    this.storage = options.storage;
    this.sessions = options.sessions;
    this.clock = options.clock;
    this.log = options.log;
    this.cache = new ObjectCache(options.storage);
    this.locks = new Locks(options.clock);
    this.language = language;
  }

  /** OIDs that must not be given to a new object (cce 3.1): of open transactions, of open connections, and what the bridge holds. */
  async namedOids(): Promise<ReadonlySet<number>> {
    const held = (await this.options.heldOids?.()) ?? [];
    const callers = [...this.connections].map(({ identity }) => identity.oid);
    return new Set([...held, ...this.locks.oids(), ...callers]);
  }

  /** Why writes are refused; kept in the store, so another gateway may have said it. */
  async suspended(): Promise<string | undefined> {
    const fact = await this.storage.getFact(SUSPENDED);
    return fact === undefined ? undefined : (JSON.parse(fact) as { reason: string }).reason;
  }

  async setSuspended(reason: string | undefined): Promise<void> {
    await this.storage.setFact(SUSPENDED, reason === undefined ? undefined : JSON.stringify({ reason }));
  }
}
