import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type QueryResult,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely';
import { systemClock } from '../clock/index.ts';
import { FairleadError } from '../errors/index.ts';

const SQLITE_BUSY = 5;
const giveUpMs = 5000;
const firstPauseMs = 2;
const longestPauseMs = 50;

/**
 * Kysely's SQLite dialect, but a lock held by another connection is waited for without stopping the process:
 * SQLite's own waiting is synchronous, so two stores of one process would wait for each other until both give up.
 */
export class PatientSqliteDialect extends SqliteDialect implements Dialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): SqliteDriver {
    return new PatientDriver(this.#config);
  }
}

class PatientDriver extends SqliteDriver {
  #patient: DatabaseConnection | undefined;

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    this.#patient ??= {
      executeQuery: (query) => patiently(connection, query),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    };
    return this.#patient;
  }
}

/** Waiting here is for other processes, so it takes the real clock. A refused statement has done nothing and may be repeated. */
async function patiently<Row>(connection: DatabaseConnection, query: CompiledQuery): Promise<QueryResult<Row>> {
  const until = systemClock.now() + giveUpMs;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      return await connection.executeQuery<Row>(query);
    } catch (cause) {
      if (!isBusy(cause)) throw cause;
      if (systemClock.now() >= until) throw FairleadError('FAIRLEAD_STORE', { reason: 'another process holds the database' }, { cause });
    }
    await systemClock.sleep(pause);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
