import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../test/support/texts.ts';
import { CscpError } from '../error.ts';
import { canonicalText, formatRequest } from './format-request.ts';
import { canonicalOid } from './names.ts';
import type { Operation } from './operation.ts';
import { parseRequest } from './parse-request.ts';
import { bytesFromText, textFromBytes } from './text.ts';

const values = (pairs: Record<string, string>): ReadonlyMap<string, string> => new Map(Object.entries(pairs));

test('each command has one line, and reads as itself', () => {
  const lines: readonly (readonly [Operation, string])[] = [
    [{ verb: 'ADMIN', action: 'SUSPEND', reason: 'a "b"' }, 'ADMIN SUSPEND "a \\"b\\""'],
    [{ verb: 'AUTH', user: 'admin', password: 'p"w' }, 'AUTH "admin" "p\\"w"'],
    [{ verb: 'AUTHKEY', user: 'admin', sessionId: 'abc' }, 'AUTHKEY "admin" "abc"'],
    [{ verb: 'BYE', flag: 'FAIL' }, 'BYE FAIL'],
    [{ verb: 'CREATE', class: 'User', values: values({ name: 'é' }) }, 'CREATE User name = "\\303\\251"'],
    [{ verb: 'SET', oid: '5', namespace: 'Ns', values: values({ a: '1\n2', b: '' }) }, 'SET 5 . Ns a = "1\\n2" b = ""'],
    [{ verb: 'GET', oid: '5', namespace: '' }, 'GET 5'],
    [{ verb: 'NAMES', of: 'System' }, 'NAMES System'],
    [
      {
        verb: 'FIND',
        class: 'User',
        criteria: [{ key: 'Ns.k', match: 'regex', value: '^a\\.b$' }],
        sort: { type: 'ip', property: 'Ns.v' },
      },
      'FIND User SORTTYPE "ip" SORTPROP Ns.v Ns.k ~ "^a\\\\.b$"',
    ],
    [{ verb: 'FIND', class: 'User', criteria: [], sort: { type: 'ascii', property: 'name' } }, 'FIND User SORT name'],
    [{ verb: 'WHOAMI' }, 'WHOAMI'],
  ];
  for (const [operation, line] of lines) {
    expect(formatRequest(operation)).toBe(line);
    expect(parseRequest(line, { context: 'CLIENT', state: 'CMD' })).toEqual({ kind: 'operation', operation });
  }
});

const nasty = anyText(['" BYE "', '\nDESTROY 1\n', '. Ns', ' = ', '\0']);
const words = fc.oneof(nasty, fc.constantFrom('\ud800', 'a\udcc3\udca9', 'name', 'Ns', 'User', '5', '12', 'a.b'));
const pairs = fc.array(fc.tuple(words, words), { maxLength: 3 }).map((entries) => new Map(entries));
const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ verb: fc.constant('SET' as const), oid: words, namespace: fc.oneof(words, fc.constant('')), values: pairs }),
  fc.record({ verb: fc.constant('CREATE' as const), class: words, values: pairs }),
  fc.record({ verb: fc.constant('AUTHKEY' as const), user: words, sessionId: words }),
  fc.record({ verb: fc.constant('AUTH' as const), user: words, password: words }),
  fc.record({ verb: fc.constant('GET' as const), oid: words, namespace: words }),
  fc.record({ verb: fc.constant('NAMES' as const), of: words }),
  fc.record({ verb: fc.constant('ADMIN' as const), action: fc.constant('SUSPEND'), reason: words }),
  fc.record({
    verb: fc.constant('FIND' as const),
    class: words,
    criteria: fc.array(fc.record({ key: words, match: fc.constantFrom('equals' as const, 'regex' as const), value: words }), {
      maxLength: 2,
    }),
    sort: fc.option(fc.record({ type: fc.oneof(words, fc.constantFrom('ip', 'locale(en_US)', 'ascii')), property: words }), {
      nil: undefined,
    }),
  }),
  fc.record({ verb: fc.constant('SCHEMA' as const), class: words, namespace: fc.option(words, { nil: undefined }) }),
  fc.record({
    verb: fc.constant('WATCH' as const),
    filters: fc.array(
      fc.oneof(
        fc.record({ class: words }),
        fc.record({ class: words, property: words }),
        fc.record({ class: words, namespace: fc.oneof(words, fc.constant('')), property: words }),
      ),
      { maxLength: 3 },
    ),
  }),
);

test('no name, key, value, user or session can add to a command: what is sent reads as one command, and as the same', async () => {
  await fuzz(
    'cscp.injection',
    operations,
    (operation) => {
      const line = sendable(operation);
      if (line === undefined) return false;
      expect(line).toMatch(/^[ -~]*$/);
      const parsed = parseRequest(line, { context: 'CLIENT', state: 'CMD', extensions: true });
      if ('oid' in operation && /^0+$/.test(operation.oid)) return expect(parsed.kind).toBe('refused');
      expect(parsed).toEqual({ kind: 'operation', operation: asRead(operation) });
      return true;
    },
    { share: 3, someAccepted: true },
  );
});

function sendable(operation: Operation): string | undefined {
  try {
    return formatRequest(operation);
  } catch (error) {
    if (error instanceof CscpError && !error.sent && /^CSCP_BAD_(NAME|VALUE)$/.test(error.code)) return undefined;
    throw error;
  }
}

/** As a reader sees it: text in its one form, no zeros before an OID, no empty reason. */
function asRead(operation: Operation): Operation {
  const text = (value: string): string => textFromBytes(bytesFromText(value));
  switch (operation.verb) {
    case 'AUTH':
      return { ...operation, user: text(operation.user), password: text(operation.password) };
    case 'AUTHKEY':
      return { ...operation, user: text(operation.user), sessionId: text(operation.sessionId) };
    case 'ADMIN':
      return { ...operation, reason: operation.reason ? text(operation.reason) : undefined };
    case 'CREATE':
      return { ...operation, values: textValues(operation.values) };
    case 'SET':
      return { ...operation, oid: canonicalOid(operation.oid), values: textValues(operation.values) };
    case 'GET':
      return { ...operation, oid: canonicalOid(operation.oid) };
    case 'NAMES':
      return { ...operation, of: canonicalOid(operation.of) };
    case 'FIND':
      return { ...operation, criteria: operation.criteria.map((each) => ({ ...each, value: text(each.value) })) };
    default:
      return operation;
  }
}

function textValues(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...given].map(([key, value]) => [key, textFromBytes(bytesFromText(value))]));
}

test.each([
  ['key', { verb: 'SET', oid: '5', namespace: '', values: values({ 'a = "1"\nDESTROY 1': 'x' }) }],
  ['key', { verb: 'SET', oid: '5', namespace: '', values: values({ 'Ns.a': 'x' }) }],
  ['key', { verb: 'CREATE', class: 'User', values: values({ '': 'x' }) }],
  ['namespace', { verb: 'GET', oid: '5', namespace: 'Ns\nBYE' }],
  ['oid', { verb: 'DESTROY', oid: '5 6' }],
  ['oid', { verb: 'GET', oid: '', namespace: '' }],
  ['class', { verb: 'NAMES', of: 'User\n' }],
  ['class', { verb: 'FIND', class: 'User SORT x', criteria: [] }],
  ['qualified key', { verb: 'FIND', class: 'User', criteria: [{ key: 'a.b.c', match: 'equals', value: '' }] }],
  ['sort type', { verb: 'FIND', class: 'User', criteria: [], sort: { type: 'locale(")', property: 'a' } }],
] as const)('a %s that is not plain is refused before anything is sent', (part, operation) => {
  expect(() => formatRequest(operation)).toThrow(expect.objectContaining({ code: 'CSCP_BAD_NAME', part, sent: false }));
});

test('a NUL is refused', () => {
  expect(() => formatRequest({ verb: 'AUTH', user: 'a\0b', password: '' })).toThrow(expect.objectContaining({ code: 'CSCP_BAD_VALUE' }));
});

test('the canonical text is that of delayed transactions', () => {
  expect(canonicalText({ verb: 'SET', oid: '56', namespace: '', values: values({ description: 'Testing' }) })).toBe(
    'SET 56 description = "Testing"',
  );
  expect(canonicalText({ verb: 'SET', oid: '56', namespace: 'Ns', values: values({ k: 'v', 'odd key': 'x' }) })).toBe(
    'SET 56 . Ns k = "v" "odd key" = "x"',
  );
});

test('the mask hides what looks like a secret, in values, criteria and logins', () => {
  const masked = (operation: Operation): string => canonicalText(operation, { mask: true });
  const secrets = values({ name: 'a', password: 'b', md5_PassWord: 'c', api_key: 'd', cryptkey: 'e', clientSecret: 'f' });
  expect(masked({ verb: 'CREATE', class: 'User', values: secrets })).toBe(
    'CREATE User name = "a" password = "xxx" md5_PassWord = "xxx" api_key = "xxx" cryptkey = "xxx" clientSecret = "xxx"',
  );
  expect(masked({ verb: 'FIND', class: 'User', criteria: [{ key: 'Ns.password', match: 'regex', value: '^b' }] })).toBe(
    'FIND User Ns.password ~ "xxx"',
  );
  expect(masked({ verb: 'AUTH', user: 'admin', password: 'b' })).toBe('AUTH "admin" "xxx"');
  expect(masked({ verb: 'AUTHKEY', user: 'admin', sessionId: '123456789' })).toBe('AUTHKEY "admin" "12345..."');
});
