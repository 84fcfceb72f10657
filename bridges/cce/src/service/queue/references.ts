import type { Operation } from '@fairlead/cscp/codec';
import { REFERENCE } from '../../map/structured.ts';

/** What earlier commands of a queue have made: OID by the index of the command. */
export type Made = ReadonlyMap<number, string>;

/**
 * Puts OIDs for `$0.oid`, in the place of an OID or of a whole value; `$$` at the beginning of a value is a `$` (cce 8.3).
 * Undefined when the named command made nothing.
 */
export function resolveReferences(operation: Operation, made: Made): Operation | undefined {
  let isMissing = false;
  const resolve = (text: string): string => {
    if (text.startsWith('$$')) return text.slice(1);
    const index = REFERENCE.exec(text)?.[1];
    if (index === undefined) return text;
    const oid = made.get(Number(index));
    if (oid === undefined) isMissing = true;
    return oid ?? text;
  };
  const resolved = resolveWith(operation, resolve);
  return isMissing ? undefined : resolved;
}

function resolveWith(operation: Operation, resolve: (text: string) => string): Operation {
  const values = (from: ReadonlyMap<string, string>) => new Map([...from].map(([key, value]) => [key, resolve(value)]));
  switch (operation.verb) {
    case 'CREATE':
      return { ...operation, values: values(operation.values) };
    case 'SET':
      return { ...operation, oid: resolve(operation.oid), values: values(operation.values) };
    case 'DESTROY':
    case 'GET':
      return { ...operation, oid: resolve(operation.oid) };
    default:
      return operation;
  }
}
