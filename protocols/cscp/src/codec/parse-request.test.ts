import { expect, test } from 'vitest';
import { COMMANDS, helpLines } from './commands.ts';
import { formatRequest } from './format-request.ts';
import type { CscpContext, CscpState, Operation, WatchFilter } from './operation.ts';
import { type ParsedRequest, parseRequest } from './parse-request.ts';
import { textFromBytes } from './text.ts';
import { readWatchFilter, watchFilterText } from './watch-filters.ts';

function parse(line: string, context: CscpContext = 'CLIENT', state: CscpState = 'CMD'): ParsedRequest {
  return parseRequest(line, { context, state });
}

/** The operation, with values as pairs; or the codes of the refusal. */
function said(line: string, context?: CscpContext, state?: CscpState): unknown {
  const parsed = parse(line, context, state);
  if (parsed.kind === 'operation') return parsed.operation;
  return parsed.kind === 'blank' ? 'blank' : [...parsed.reply.lines.map((entry) => entry.code), parsed.reply.end];
}

function set(oid: string, values: Record<string, string>, namespace = ''): Operation {
  return { verb: 'SET', oid, namespace, values: new Map(Object.entries(values)) };
}

test('cce 17.1: a keyword may have small letters', () => {
  expect(said('whoami')).toEqual({ verb: 'WHOAMI' });
  expect(said('\tgEt 5')).toEqual({ verb: 'GET', oid: '5', namespace: '' });
});

test('cce 17.2: a line of white space says nothing', () => {
  for (const line of ['', ' ', '\t\r', ' , ,']) expect(said(line)).toBe('blank');
});

test('cce 17.3: white space between tokens is optional', () => {
  const get = { verb: 'GET', oid: '1', namespace: 'Snmp' };
  for (const line of ['GET 1.Snmp', 'GET 1 . Snmp', 'GET 1. "Snmp"']) expect(said(line)).toEqual(get);
  expect(said('SET 12.Ns a="x"b="y"')).toEqual(set('12', { a: 'x', b: 'y' }, 'Ns'));
});

test('cce 17.4: the comma is white space', () => {
  expect(said('CREATE User name=a, enabled=1')).toEqual({
    verb: 'CREATE',
    class: 'User',
    values: new Map([
      ['name', 'a'],
      ['enabled', '1'],
    ]),
  });
});

test.each([
  ['SET 5 a=b-c', 'cce 17.5: a bare value has no dash'],
  ['SET 5 a="b', 'cce 17.6: a quote must be closed'],
  ['GET "5', 'cce 17.6: a quote must be closed, also of the first parameter'],
  ['SET 5 a="b\\"', 'cce 17.6: an escaped quote closes nothing'],
  ["SET 5 a='b'", 'a single quote is none'],
  ['SET 5 a="b\0c"', 'a raw NUL cannot be stored'],
  ['SET 5 a="b\\000c"', 'an octal NUL cannot be stored'],
  ['SET 5 a=#1#AA==', 'a binary NUL cannot be stored'],
  ['SET 5 a=#4#YWJj', 'a binary value has the length that it says'],
  ['SET 5 a=#3#YWJ', 'base64 has its padding'],
  ['SET 5 a=#3YWJj', 'a binary value has two signs'],
  ['SET 5 a=é', 'a bare value is ASCII'],
])('%s is a parse error: %s', (line) => {
  expect(parse(line)).toEqual({ kind: 'refused', reply: { lines: [{ code: 306, text: 'COMMAND PARSE ERROR' }], end: 402 } });
});

test.each([
  ['SET 5 a == "x"', 'cce 17.7: no comparison in a list of values'],
  ['SET 5 a ~ "x"', 'no regular expression either'],
  ['SET 5 a = ', 'a value is missing'],
  ['SET 5 a', 'only a key'],
  ['SET 5 .', 'no namespace behind the dot'],
  ['SET 5 / Ns', 'another sign than the dot'],
  ['SET 0 a=1', 'OID 0'],
  ['SET a a=1', 'an OID of letters'],
  ['CREATE = a=1', 'a sign for a class'],
  ['CREATE Vsite Disk.quota=1', 'a namespace in CREATE'],
  ['GET 0', 'OID 0'],
  ['GET 00', 'OID 0 in two digits'],
  ['GET abc', 'an OID of letters'],
  ['GET -1'.replace('-', '+'), 'a sign before the OID'],
  ['GET 6 .', 'no namespace behind the dot'],
  ['GET 6 Email', 'no dot before the namespace'],
  ['GET 6 Email .', 'the dot behind the namespace'],
  ['GET 6 . Email x', 'cce 17.16: four parameters'],
  ['GET', 'no parameter'],
  ['DESTROY 0', 'OID 0'],
  ['DESTROY x', 'an OID of letters'],
  ['WHOAMI 1', 'cce 17.16: a parameter too many'],
  ['AUTH admin', 'a password is missing'],
  ['AUTH admin =', 'a sign for a password'],
  ['BYE FOO', 'cce 17.28: no such flag'],
  ['FIND', 'no class'],
  ['FIND User name', 'a key alone'],
  ['FIND User name == "x"', 'no double sign'],
  ['FIND User name = ', 'no value'],
  ['FIND User Ns. = x', 'no property behind the dot'],
  ['FIND User SORT', 'no property to sort by'],
  ['FIND User SORTTYPE ip', 'cce 17.50: a type without a property'],
  ['FIND User SORTPROP name', 'cce 17.50: a property without a type'],
  ['FIND User SORTTYPE size SORTPROP name', 'cce 17.50: no such type'],
  ['ADMIN', 'no word'],
  ['ADMIN SUSPEND a b', 'too many words'],
])('%s has bad parameters: %s', (line) => {
  expect(said(line)).toEqual([403]);
});

test('cce 17.8: a key may be quoted', () => {
  expect(said('SET 5 "description" = "x"')).toEqual(set('5', { description: 'x' }));
});

test('cce 17.10: values are unescaped', () => {
  expect(said('SET 5 a="\\$ \\u00e9 \\303\\251"')).toEqual(set('5', { a: '$ u00e9 é' }));
});

test('cce 17.12: a binary value is its bytes', () => {
  expect(said('SET 5 a=#3#YWJj b=#0# c = #2#w6k=d=1')).toEqual(set('5', { a: 'abc', b: '', c: 'é', d: '1' }));
  expect(said('SET 5 a=#1#/w==')).toEqual(set('5', { a: '\udcff' }));
});

test('cce 17.13: a value of 200 KB is a value', () => {
  const long = `${'x\\n'.repeat(100_000)}`;
  expect(said(`SET 5 a="${long}"`)).toEqual(set('5', { a: 'x\n'.repeat(100_000) }));
});

test('cce 17.14: a carriage return before the line feed is white space', () => {
  expect(said('GET 5\r')).toEqual({ verb: 'GET', oid: '5', namespace: '' });
  expect(said('WHOAMI\r')).toEqual({ verb: 'WHOAMI' });
});

test('raw bytes of UTF-8 and of none stand in quotes as they are', () => {
  expect(said(textFromBytes(Buffer.from('SET 5 a="é\xff"', 'latin1')))).toEqual(set('5', { a: '\udce9\udcff' }));
  expect(said('SET 5 a="é"')).toEqual(set('5', { a: 'é' }));
});

test('cce 17.16: what is no command, or not here, is a bad command before anything else is looked at', () => {
  const lines = ['VERSION', 'FINDX User', '5', '"GET" 5', 'GET"5"', 'GET5', '= x', 'BADDATA "', 'INFO', 'COMMIT 1 2', 'PING', '-'];
  for (const line of lines) expect([line, said(line)]).toEqual([line, [402]]);
});

test('the number of parameters is looked at before they are read', () => {
  expect(said('WHOAMI -')).toEqual([403]);
  expect(said('DESTROY 5 "x')).toEqual([403]);
  expect(said('CREATE -')).toEqual([306, 402]);
});

test('each command is legal in its contexts and states only', () => {
  const places: readonly (readonly [string, CscpContext, CscpState, boolean])[] = [
    ['BEGIN', 'CLIENT', 'TXN', false],
    ['COMMIT', 'CLIENT', 'CMD', false],
    ['COMMIT', 'HANDLER', 'TXN', true],
    ['ADMIN RESUME', 'CLIENT', 'TXN', false],
    ['ADMIN RESUME', 'HANDLER', 'CMD', false],
    ['SET 5 a=1', 'ROLLBACK', 'RO', false],
    ['SET 5 a=1', 'RULE', 'RO', false],
    ['SET 5 a=1', 'CLIENT', 'TXN', true],
    ['GET 5', 'RULE', 'RO', true],
    ['INFO x', 'HANDLER', 'TXN', true],
    ['INFO x', 'ROLLBACK', 'RO', false],
    ['BADDATA 0 key "text"', 'HANDLER', 'CMD', true],
    ['WHOAMI', 'CLIENT', 'CLOSED', false],
  ];
  for (const [line, context, state, legal] of places) {
    expect([line, context, state, parse(line, context, state).kind]).toEqual([line, context, state, legal ? 'operation' : 'refused']);
  }
});

test('the words of handlers', () => {
  expect(said('BADDATA 007 fqdn "[[a.b]]"', 'HANDLER')).toEqual({ verb: 'BADDATA', oid: '7', key: 'fqdn', message: '[[a.b]]' });
  expect(said('BADDATA x fqdn "no"', 'HANDLER')).toEqual([403]);
  expect(said('WARN "a\\nb"', 'HANDLER')).toEqual({ verb: 'WARN', message: 'a\nb' });
  expect(said('bye defer', 'HANDLER')).toEqual({ verb: 'BYE', flag: 'DEFER' });
  expect(said('BYE')).toEqual({ verb: 'BYE' });
});

test('of a key that is given twice the last value counts, and digits lose their zeros', () => {
  expect(said('SET 005 a=1 b=2 a=3')).toEqual(set('5', { a: '3', b: '2' }));
  expect(said('NAMES 0034')).toEqual({ verb: 'NAMES', of: '34' });
  expect(said('NAMES System')).toEqual({ verb: 'NAMES', of: 'System' });
});

test('ADMIN tells its word in capitals', () => {
  expect(said('admin suspend "back soon"')).toEqual({ verb: 'ADMIN', action: 'SUSPEND', reason: 'back soon' });
  expect(said('ADMIN Resume')).toEqual({ verb: 'ADMIN', action: 'RESUME' });
});

test('FIND takes sort words anywhere among criteria, in small letters too', () => {
  expect(said('FIND Vsite name = "a" sortType "locale(en_US)" Ns.k ~ "^x\\\\.y$" SORTPROP Ns . v')).toEqual({
    verb: 'FIND',
    class: 'Vsite',
    criteria: [
      { key: 'name', match: 'equals', value: 'a' },
      { key: 'Ns.k', match: 'regex', value: '^x\\.y$' },
    ],
    sort: { type: 'locale(en_US)', property: 'Ns.v' },
  });
  expect(said('FIND Vsite SORT name')).toMatchObject({ sort: { type: 'ascii', property: 'name' }, criteria: [] });
  expect(said('FIND Vsite SORTNUM a.b')).toMatchObject({ sort: { type: 'old_numeric', property: 'a.b' } });
});

test('a property may have the name of a sort word', () => {
  expect(said('FIND Vsite sort = 1 SORT sort sort.x ~ y')).toMatchObject({
    criteria: [
      { key: 'sort', match: 'equals', value: '1' },
      { key: 'sort.x', match: 'regex', value: 'y' },
    ],
    sort: { type: 'ascii', property: 'sort' },
  });
});

test('HELP lists what is legal in a place', () => {
  const lines = helpLines({ context: 'RULE', state: 'RO' });
  expect(lines).toContain('GET oid [. namespace] : shows the properties of an object');
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    'AUTH',
    'AUTHKEY',
    'BYE',
    'CLASSES',
    'ENDKEY',
    'FIND',
    'GET',
    'HELP',
    'NAMES',
    'WHOAMI',
  ]);
  expect(helpLines({ context: 'CLIENT', state: 'CLOSED' })).toEqual([]);
  expect(COMMANDS.size).toBe(22);
});

test.each(['VERSION', 'SCHEMA', 'SCHEMA User Email', 'WATCH', 'watch Vsite User.Disk.quota'])(
  'cce 17.16: %s is a command only where extensions are offered',
  (line) => {
    for (const state of ['CMD', 'TXN', 'RO'] as const)
      for (const context of ['CLIENT', 'HANDLER', 'ROLLBACK', 'RULE'] as const)
        expect(parseRequest(line, { context, state })).toEqual({ kind: 'refused', reply: { lines: [], end: 402 } });
    expect(parseRequest(line, { context: 'CLIENT', state: 'CMD', extensions: true }).kind).toBe('operation');
    expect(parseRequest(line, { context: 'HANDLER', state: 'CMD', extensions: true }).kind).toBe('refused');
  },
);

test.each<[string, readonly WatchFilter[]]>([
  ['WATCH', []],
  ['WATCH User Vsite', [{ class: 'User' }, { class: 'Vsite' }]],
  ['WATCH User.name, Vsite', [{ class: 'User', property: 'name' }, { class: 'Vsite' }]],
  ['WATCH User . Disk . quota', [{ class: 'User', namespace: 'Disk', property: 'quota' }]],
  [
    'WATCH User..name Vsite._CREATE',
    [
      { class: 'User', namespace: '', property: 'name' },
      { class: 'Vsite', property: '_CREATE' },
    ],
  ],
])('%s names what is watched', (line, filters) => {
  const where = { context: 'CLIENT', state: 'CMD', extensions: true } as const;
  expect(parseRequest(line, where)).toEqual({ kind: 'operation', operation: { verb: 'WATCH', filters } });
  expect(parseRequest(formatRequest({ verb: 'WATCH', filters }), where)).toEqual({
    kind: 'operation',
    operation: { verb: 'WATCH', filters },
  });
  for (const filter of filters) expect(readWatchFilter(watchFilterText(filter))).toEqual(filter);
});

test.each([
  'WATCH User.',
  'WATCH .User',
  'WATCH User...x',
  'WATCH User.a.b.c',
  'WATCH User..',
  'WATCH "a b"',
  'WATCH User=x',
  'WATCH User.a.',
])('%s names nothing that can be watched', (line) => {
  expect(parseRequest(line, { context: 'CLIENT', state: 'CMD', extensions: true })).toEqual({
    kind: 'refused',
    reply: { lines: [], end: 403 },
  });
});

test('HELP lists extensions where they are offered', () => {
  const words = (extensions: boolean) => helpLines({ context: 'CLIENT', state: 'CMD', extensions }).map((line) => line.split(' ')[0]);
  expect(words(true).filter((word) => !words(false).includes(word))).toEqual(['SCHEMA', 'VERSION', 'WATCH']);
});
