import { join } from 'node:path';
import type { Clock } from '../clock/index.ts';
import { FairleadError } from '../errors/index.ts';
import type { Log } from '../log/index.ts';
import type { QueryListener } from './kysely-store.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** `sqlite:/path`, `sqlite::memory:` (or `:memory:`), `postgres://…`; without it `fairlead.db` in `stateDir`. */
  readonly url?: string | undefined;
  readonly stateDir: string;
  readonly log: Log;
  readonly clock: Clock;
  /** Told of every statement. */
  readonly onQuery?: QueryListener | undefined;
}

/** Opens the store. Throws `FAIRLEAD_STORE` when it cannot be used. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const url = options.url ?? `sqlite:${join(options.stateDir, 'fairlead.db')}`;
  if (url === ':memory:') return openSqlite(url, options);
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), options);
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url, options);
  throw FairleadError('FAIRLEAD_STORE', { reason: '[store] url begins with sqlite: or postgres://' });
}
