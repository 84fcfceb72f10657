import type { Operation, Reply } from '@fairlead/cscp/codec';
import { newAlphanumeric } from '@fairlead/kernel/ids';
import type { Log } from '@fairlead/kernel/log';
import { CceError } from '../../errors.ts';
import type { BackendConnection } from '../backend.ts';
import type { PasswordFile } from './password-file.ts';
import { API_ADMIN } from './tokens.ts';

const PASSWORD_LENGTH = 24;

/** A connection with rights enough to make and change users. */
export type AsAdmin = <T>(work: (connection: Pick<BackendConnection, 'execute'>) => Promise<T>, signal: AbortSignal) => Promise<T>;

export interface ApiAdminParts {
  /** Tried in order: the first that may change the account counts. */
  readonly doors: readonly AsAdmin[];
  readonly file: PasswordFile;
  readonly log: Log;
}

/**
 * Makes the account of remote callers when it is missing and gives it another password, as at every start (cce 7.6). The file is written last: whoever
 * reads it before finds the former one, which no longer holds, and asks again. Throws `CCE_API_ADMIN` when no door leads to it.
 */
export async function renewApiAdmin({ doors, file, log }: ApiAdminParts, signal: AbortSignal): Promise<void> {
  const password = newAlphanumeric(PASSWORD_LENGTH);
  const reasons: string[] = [];
  for (const door of doors) {
    try {
      await door((connection) => setAccount(connection, password), signal);
      await file.write(password);
      log.info({ user: API_ADMIN }, 'the password of api-admin is a new one');
      return;
    } catch (error) {
      signal.throwIfAborted();
      reasons.push(error instanceof Error ? error.message : 'unknown');
    }
  }
  throw CceError('CCE_API_ADMIN', { reason: reasons.join('; ') });
}

async function setAccount(connection: Pick<BackendConnection, 'execute'>, password: string): Promise<void> {
  const ask = async (operation: Operation): Promise<Reply> => {
    const reply = await connection.execute(operation);
    if (reply.end === 201) return reply;
    throw new Error(`${operation.verb} was answered with ${reply.end}`);
  };
  const [found] = oidsOf(await ask({ verb: 'FIND', class: 'User', criteria: [{ key: 'name', match: 'equals', value: API_ADMIN }] }));
  if (found !== undefined) {
    await ask({ verb: 'SET', oid: found, namespace: '', values: new Map([['password', password]]) });
    return;
  }
  const [made] = oidsOf(await ask({ verb: 'CREATE', class: 'User', values: accountValues(password) }));
  if (made === undefined) throw new Error('CREATE told no object');
  for (const namespace of ['Shell', 'RootAccess']) {
    await ask({ verb: 'SET', oid: made, namespace, values: new Map([['enabled', '0']]) });
  }
}

function accountValues(password: string): ReadonlyMap<string, string> {
  return new Map([
    ['name', API_ADMIN],
    ['fullName', 'API Integration Account'],
    ['systemAdministrator', '1'],
    ['ui_enabled', '1'],
    ['password', password],
  ]);
}

function oidsOf(reply: Reply): string[] {
  return reply.lines.flatMap((line) => (line.code === 104 ? [line.oid] : []));
}
