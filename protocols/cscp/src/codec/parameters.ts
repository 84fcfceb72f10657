import { readFind } from './find-parameters.ts';
import type { Token } from './lexer.ts';
import { canonicalOid, isDigits } from './names.ts';
import type { ByeFlag, Operation, Values, Verb } from './operation.ts';
import { readWatch } from './watch-filters.ts';

type Tokens = readonly Token[];
type Reader = (tokens: Tokens) => Operation | undefined;

/** What the parameters of each command must be (cce 1.7); undefined stands for `403 BAD PARAMETERS`. */
const READERS: Readonly<Record<Verb, Reader>> = {
  ADMIN: readAdmin,
  AUTH: (tokens) => withValues(tokens, ([user = '', password = '']) => ({ verb: 'AUTH', user, password })),
  AUTHKEY: (tokens) => withValues(tokens, ([user = '', sessionId = '']) => ({ verb: 'AUTHKEY', user, sessionId })),
  BADDATA: readBadData,
  BEGIN: () => ({ verb: 'BEGIN' }),
  BYE: readBye,
  CLASSES: () => ({ verb: 'CLASSES' }),
  COMMIT: () => ({ verb: 'COMMIT' }),
  CREATE: readCreate,
  DESTROY: readDestroy,
  ENDKEY: () => ({ verb: 'ENDKEY' }),
  FIND: readFind,
  GET: readGet,
  HELP: () => ({ verb: 'HELP' }),
  INFO: (tokens) => withValues(tokens, ([message = '']) => ({ verb: 'INFO', message })),
  NAMES: (tokens) => withValues(tokens, ([of = '']) => ({ verb: 'NAMES', of: canonicalOid(of) })),
  SCHEMA: (tokens) => withValues(tokens, ([name, namespace]) => ({ verb: 'SCHEMA', class: name, namespace })),
  SET: readSet,
  VERSION: () => ({ verb: 'VERSION' }),
  WARN: (tokens) => withValues(tokens, ([message = '']) => ({ verb: 'WARN', message })),
  WATCH: readWatch,
  WHOAMI: () => ({ verb: 'WHOAMI' }),
};

/** The operation that the tokens behind a verb say; undefined when they do not fit it. Their number has been checked. */
export function readParameters(verb: Verb, tokens: Tokens): Operation | undefined {
  return READERS[verb](tokens);
}

function withValues(tokens: Tokens, make: (values: readonly string[]) => Operation): Operation | undefined {
  return tokens.every((token) => token.kind === 'value') ? make(tokens.map((token) => token.text)) : undefined;
}

function readAdmin(tokens: Tokens): Operation | undefined {
  return withValues(tokens, ([action = '', reason]) => ({ verb: 'ADMIN', action: action.toUpperCase(), reason }));
}

/** cce 1.7: OID 0 is allowed here, for an object that is being made. */
function readBadData(tokens: Tokens): Operation | undefined {
  const [oid, key, message] = tokens;
  if (!oid || !key || !message || tokens.some((token) => token.kind !== 'value') || !isDigits(oid.text)) return undefined;
  return { verb: 'BADDATA', oid: canonicalOid(oid.text), key: key.text, message: message.text };
}

function readBye([flag]: Tokens): Operation | undefined {
  if (!flag) return { verb: 'BYE' };
  const word = flag.text.toUpperCase();
  return flag.kind === 'value' && isByeFlag(word) ? { verb: 'BYE', flag: word } : undefined;
}

function isByeFlag(word: string): word is ByeFlag {
  return word === 'SUCCESS' || word === 'FAIL' || word === 'DEFER';
}

function readCreate([name, ...rest]: Tokens): Operation | undefined {
  const values = readValues(rest);
  return name?.kind === 'value' && values ? { verb: 'CREATE', class: name.text, values } : undefined;
}

function readDestroy([token]: Tokens): Operation | undefined {
  const oid = objectId(token);
  return oid === undefined ? undefined : { verb: 'DESTROY', oid };
}

function readGet(tokens: Tokens): Operation | undefined {
  const target = readTarget(tokens);
  return target && target.rest.length === 0 ? { verb: 'GET', oid: target.oid, namespace: target.namespace } : undefined;
}

function readSet(tokens: Tokens): Operation | undefined {
  const target = readTarget(tokens);
  const values = target && readValues(target.rest);
  return values && { verb: 'SET', oid: target.oid, namespace: target.namespace, values };
}

interface Target {
  readonly oid: string;
  readonly namespace: string;
  readonly rest: Tokens;
}

/** `oid` or `oid . namespace`. */
function readTarget(tokens: Tokens): Target | undefined {
  const oid = objectId(tokens[0]);
  if (oid === undefined) return undefined;
  const [, dot, namespace] = tokens;
  if (dot?.kind !== 'symbol') return { oid, namespace: '', rest: tokens.slice(1) };
  return dot.text === '.' && namespace?.kind === 'value' ? { oid, namespace: namespace.text, rest: tokens.slice(3) } : undefined;
}

/** Digits that are not zero. */
function objectId(token: Token | undefined): string | undefined {
  if (token?.kind !== 'value' || !isDigits(token.text)) return undefined;
  const oid = canonicalOid(token.text);
  return oid === '0' ? undefined : oid;
}

/** cce 1.4(8): triples of key, `=` and value; of a key given twice the last value counts (10). */
function readValues(tokens: Tokens): Values | undefined {
  if (tokens.length % 3 !== 0) return undefined;
  const values = new Map<string, string>();
  for (let at = 0; at < tokens.length; at += 3) {
    const key = tokens[at];
    const equals = tokens[at + 1];
    const value = tokens[at + 2];
    if (key?.kind !== 'value' || equals?.kind !== 'symbol' || equals.text !== '=' || value?.kind !== 'value') return undefined;
    values.set(key.text, value.text);
  }
  return values;
}
