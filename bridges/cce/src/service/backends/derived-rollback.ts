import type { Operation, Reply } from '@fairlead/cscp/codec';

/** Lines of a refusal before any handler was started (cce 1.6). */
const BEFORE_HANDLERS: ReadonlySet<number> = new Set([300, 301, 302, 303, 304, 306, 307, 308, 309]);

/**
 * Whether cced must have rolled back after handlers had started, which it does not say itself (cce 12.2): validation was passed, and the last word is
 * 401. A 302 may come from validation or from a handler; only the OID of a new object before it tells them apart.
 */
export function hasRolledBack(operation: Operation, { lines, end }: Reply): boolean {
  if (end !== 401) return false;
  const codes = lines.map((line) => line.code);
  if (operation.verb === 'CREATE') return codes[0] === 104 && !codes.includes(309);
  if (operation.verb === 'COMMIT') return !codes.includes(309) && !codes.includes(306);
  if (operation.verb !== 'SET' && operation.verb !== 'DESTROY') return false;
  return !codes.some((code) => BEFORE_HANDLERS.has(code));
}
