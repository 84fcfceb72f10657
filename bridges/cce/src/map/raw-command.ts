import type { Operation } from '@fairlead/cscp/codec';
import { type Command, KEY, NAME, refused, type Search } from './command.ts';
import type { Fields } from './fields.ts';
import { readPage } from './search.ts';

/** The command behind a line that CSCP can read; of the fields beside it only those count that a line cannot say. */
export function commandOfOperation(verb: string, operation: Operation, fields: Fields): Command {
  if (!hasPlainNames(operation)) return refused(403);
  if (operation.verb === 'FIND') return commandOfFind(verb, operation, fields);
  if (operation.verb === 'ADMIN')
    return { kind: 'operation', operation: { ...operation, reason: operation.reason ?? fields.filled('reason') } };
  return { kind: 'operation', operation };
}

/** `GETALL 56 58`. */
export function commandOfOids(oids: readonly string[], fields: Fields): Command {
  return { kind: 'get-all-of', oids, props: readPage(fields).props };
}

function commandOfFind(verb: string, operation: Extract<Operation, { verb: 'FIND' }>, fields: Fields): Command {
  const search: Search = {
    class: operation.class,
    criteria: operation.criteria,
    sort: operation.sort,
    descending: operation.sort !== undefined && fields.filled('sortorder')?.toLowerCase() === 'desc',
    ...readPage(fields),
  };
  if (verb === 'GETOBJECT') return { kind: 'get-object', search, namespace: '' };
  if (verb === 'GETALL') return { kind: 'get-all', search };
  return { kind: 'find', search, style: verb === 'FINDX' ? 'FINDX' : 'FIND' };
}

/** Quoted tokens may be names in CSCP; what is passed on must be plain, whichever backend there is (cce 5.3). */
function hasPlainNames(operation: Operation): boolean {
  switch (operation.verb) {
    case 'CREATE':
      return NAME.test(operation.class) && arePlain(operation.values);
    case 'SET':
      return isPlainOrEmpty(operation.namespace) && arePlain(operation.values);
    case 'GET':
      return isPlainOrEmpty(operation.namespace);
    case 'FIND':
      return (
        NAME.test(operation.class) && operation.criteria.every(({ key }) => KEY.test(key)) && KEY.test(operation.sort?.property ?? 'none')
      );
    case 'NAMES':
      return NAME.test(operation.of);
    default:
      return true;
  }
}

function isPlainOrEmpty(name: string): boolean {
  return name === '' || NAME.test(name);
}

function arePlain(values: ReadonlyMap<string, string>): boolean {
  return [...values.keys()].every((key) => NAME.test(key));
}
