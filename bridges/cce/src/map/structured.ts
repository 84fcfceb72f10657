import { type ByeFlag, canonicalOid, type Operation } from '@fairlead/cscp/codec';
import { type Command, NAME, OID, refused } from './command.ts';
import type { Fields } from './fields.ts';
import { readPage, readSearch } from './search.ts';

type Read = (fields: Fields) => Command;

const READERS: Readonly<Record<string, Read>> = {
  AUTH: (fields) => op({ verb: 'AUTH', user: userOf(fields), password: fields.text('password') ?? '' }),
  AUTHKEY: (fields) => op({ verb: 'AUTHKEY', user: userOf(fields), sessionId: fields.text('sessionid') ?? '' }),
  WHOAMI: () => op({ verb: 'WHOAMI' }),
  CLASSES: () => op({ verb: 'CLASSES' }),
  HELP: () => op({ verb: 'HELP' }),
  ENDKEY: () => op({ verb: 'ENDKEY' }),
  BEGIN: () => op({ verb: 'BEGIN' }),
  COMMIT: () => op({ verb: 'COMMIT' }),
  BYE: readBye,
  GET: readGet,
  NAMES: readNames,
  SET: readSet,
  CREATE: readCreate,
  DESTROY: (fields) => withOid(fields, (oid) => op({ verb: 'DESTROY', oid })),
  FIND: (fields) => readFind(fields, 'FIND'),
  FINDX: (fields) => readFind(fields, 'FINDX'),
  GETOBJECT: readGetObject,
  GETALL: readGetAll,
  ADMIN: () => refused(403),
  SUSPEND: (fields) => op({ verb: 'ADMIN', action: 'SUSPEND', reason: reasonOf(fields) }),
  RESUME: () => op({ verb: 'ADMIN', action: 'RESUME' }),
  SUSPENDED: () => ({ kind: 'word', word: 'SUSPENDED' }),
  PING: () => ({ kind: 'word', word: 'PING' }),
  LOGIN: () => ({ kind: 'word', word: 'LOGIN' }),
  VERSION: () => ({ kind: 'word', word: 'VERSION' }),
  SCHEMA: (fields) => ({ kind: 'schema', class: fields.filled('class'), namespace: fields.text('namespace') }),
  EVENTS: readEvents,
};

/** The command of a verb whose parameters are fields (cce 6). An unknown verb is refused with 402. */
export function readStructured(verb: string, fields: Fields): Command {
  return Object.hasOwn(READERS, verb) ? (READERS[verb]?.(fields) ?? refused(402)) : refused(402);
}

function op(operation: Operation): Command {
  return { kind: 'operation', operation };
}

function userOf(fields: Fields): string {
  return fields.filled('user') ?? fields.text('username') ?? '';
}

function reasonOf(fields: Fields): string | undefined {
  return fields.filled('reason') ?? fields.values('args').get('reason');
}

const FLAGS: ReadonlySet<string> = new Set<ByeFlag>(['SUCCESS', 'FAIL', 'DEFER']);

function readBye(fields: Fields): Command {
  const flag = fields.values('args').get('flag')?.toUpperCase();
  if (flag === undefined || flag === '') return op({ verb: 'BYE' });
  return FLAGS.has(flag) ? op({ verb: 'BYE', flag: flag as ByeFlag }) : refused(403);
}

/** A reference to what an earlier command of the queue made (cce 8.3). */
export const REFERENCE = /^\$(\d{1,4})\.oid$/;

function withOid(fields: Fields, then: (oid: string) => Command): Command {
  const oid = fields.text('oid') ?? '';
  return OID.test(oid) || REFERENCE.test(oid) ? then(canonicalOid(oid)) : refused(403);
}

/** Empty for the default namespace; undefined when it is no name. */
function namespaceOf(fields: Fields): string | undefined {
  const namespace = fields.text('namespace') ?? '';
  return namespace === '' || NAME.test(namespace) ? namespace : undefined;
}

/** Objects of a batch. The same one may be named again and again, so a small body could ask for an answer of any size. */
const MOST_IN_BATCH = 2000;

/** `oids` of a batch; undefined when they are no list, too many, or one of them does not fit. */
function batchOf(fields: Fields, shape: RegExp): readonly string[] | undefined {
  const list = fields.list('oids');
  return Array.isArray(list) && list.length <= MOST_IN_BATCH && list.every((one) => shape.test(one)) ? list : undefined;
}

function readGet(fields: Fields): Command {
  const namespace = namespaceOf(fields);
  if (namespace === undefined) return refused(403);
  if (!fields.has('oids')) return withOid(fields, (oid) => op({ verb: 'GET', oid, namespace }));
  const oids = batchOf(fields, OID);
  if (oids === undefined) return refused(403);
  return { kind: 'batch', operations: oids.map((oid) => ({ verb: 'GET', oid: canonicalOid(oid), namespace })) };
}

/** PHP gives the name of a class as `oid`. */
function readNames(fields: Fields): Command {
  if (!fields.has('oids')) {
    const of = fields.filled('oid') ?? fields.filled('class') ?? '';
    return NAME.test(of) ? op({ verb: 'NAMES', of: canonicalOid(of) }) : refused(403);
  }
  const names = batchOf(fields, NAME);
  if (names === undefined) return refused(403);
  return { kind: 'batch', operations: names.map((name) => ({ verb: 'NAMES', of: canonicalOid(name) })) };
}

function readSet(fields: Fields): Command {
  const namespace = namespaceOf(fields);
  const values = fields.values('vars', 'args', 'data');
  if (namespace === undefined || !areNames(values)) return refused(403);
  return withOid(fields, (oid) => op({ verb: 'SET', oid, namespace, values }));
}

function readCreate(fields: Fields): Command {
  const name = fields.filled('class') ?? '';
  const values = fields.values('vars', 'args', 'data');
  const namespaces = fields.nested('namespaces');
  if (!NAME.test(name) || !areNames(values) || !areNames(namespaces) || ![...namespaces.values()].every(areNames)) return refused(403);
  const operation = { verb: 'CREATE', class: name, values } as const;
  return namespaces.size === 0 ? op(operation) : { kind: 'create-deep', operation, namespaces };
}

function areNames(map: ReadonlyMap<string, unknown>): boolean {
  return [...map.keys()].every((key) => NAME.test(key));
}

function readFind(fields: Fields, style: 'FIND' | 'FINDX'): Command {
  const search = readSearch(fields);
  return 'kind' in search ? search : { kind: 'find', search, style };
}

function readGetObject(fields: Fields): Command {
  const search = readSearch(fields);
  const namespace = namespaceOf(fields);
  if ('kind' in search) return search;
  return namespace === undefined ? refused(403) : { kind: 'get-object', search, namespace };
}

/** A class has precedence over a list (cce 6.12). */
function readGetAll(fields: Fields): Command {
  if (fields.filled('class') !== undefined) {
    const search = readSearch(fields);
    return 'kind' in search ? search : { kind: 'get-all', search };
  }
  const oids = fields.list('oids');
  if (!Array.isArray(oids) || !oids.every((oid) => OID.test(oid))) return { kind: 'get-all-of-nothing' };
  return { kind: 'get-all-of', oids: oids.map(canonicalOid), props: readPage(fields).props };
}

/** cce 12.1: seconds that a long poll lasts at most. */
const LONGEST_POLL_S = 60;
const USUAL_POLL_S = 30;

function readEvents(fields: Fields): Command {
  const timeoutS = Math.min(fields.count('timeout') ?? USUAL_POLL_S, LONGEST_POLL_S);
  return { kind: 'events', since: fields.filled('since'), timeoutS, filter: { class: fields.filled('class'), oid: fields.filled('oid') } };
}

/** Every verb that a request may name. */
export const VERBS: readonly string[] = Object.keys(READERS);

/** Whether a verb is one of ours, for labels that nobody else may choose. */
export function isKnownVerb(verb: string): boolean {
  return Object.hasOwn(READERS, verb);
}
