/** PostgreSQL: no connection, no resources, ended by its operator or a time limit, no such database any more; a lock that was not had in time. */
const AWAY = /^(?:08|53|57|3D|55P03|40001|40P01)/;
const DEADLOCK = /^(?:40001|40P01)$/;
const SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** SQLite: busy, locked, read-only, I/O, full, cannot open. */
const SQLITE: ReadonlySet<number> = new Set([5, 6, 8, 10, 13, 14]);
/** Their drivers give no code for these. */
const TEXTS = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Query read timeout',
  'not queryable',
  'pool after calling end',
  'driver has already been destroyed',
  'database is not open',
];

/** Whether the store could not be asked, so that the same request may be good a moment later. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (AWAY.test(code) || SYSTEM.has(code)) return true;
  if ('errcode' in error && SQLITE.has(Number(error.errcode) & 0xff)) return true;
  return TEXTS.some((text) => error.message.includes(text));
}

/** Whether a transaction was chosen to end so that another one could go on. Nothing of it stays: it may begin again. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && DEADLOCK.test(codeOf(error));
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
