import type { Complaint, HandlerSession } from './handler-session.ts';
import { tag } from './tag.ts';

/** Accounts that every machine has, and names that mail and web servers act on. */
export const RESERVED_NAMES: readonly string[] = [
  ...['root', 'bin', 'daemon', 'adm', 'lp', 'sync', 'shutdown', 'halt', 'mail', 'operator', 'games', 'ftp', 'nobody', 'sys', 'man', 'news'],
  ...[
    'uucp',
    'proxy',
    'backup',
    'list',
    'irc',
    'dbus',
    'polkitd',
    'sshd',
    'chrony',
    'ntp',
    'tss',
    'rpc',
    'rpcuser',
    'nfsnobody',
    'postfix',
  ],
  ...['sendmail', 'mailnull', 'smmsp', 'dovecot', 'dovenull', 'apache', 'httpd', 'nginx', 'www-data', 'named', 'bind', 'mysql', 'mariadb'],
  ...[
    'postgres',
    'redis',
    'memcached',
    'tomcat',
    'majordomo',
    'mailman',
    'mailer-daemon',
    'postmaster',
    'systemd-network',
    'systemd-resolve',
  ],
];

/** A user's name is nobody else's and no account of the machine (cce 4.8). */
export function userCheck(reserved: ReadonlySet<string>): (session: HandlerSession) => Promise<void> {
  return async (session) => {
    const name = (await session.read(session.oid)).now('name');
    if (name === '') return;
    const others = (await session.find('User', { name })).filter((oid) => oid !== session.oid);
    if (reserved.has(name) || others.length > 0) await session.refuse([taken(name)]);
  };
}

/** Neither the given users nor the caller can be destroyed (cce 4.8). */
export function userKeep(kept: ReadonlySet<string>): (session: HandlerSession) => Promise<void> {
  return async (session) => {
    const name = (await session.read(session.oid)).now('name');
    if (session.oid === session.callerOid) await session.refuse([{ key: 'name', message: tag('base-user.cannotDestroyYourself') }]);
    if (kept.has(name)) await session.refuse([{ key: 'name', message: tag('base-user.cannotDestroyUser', { name }) }]);
  };
}

function taken(name: string): Complaint {
  return { key: 'name', message: tag('base-user.userNameAlreadyTaken', { name }) };
}
