import { fuzz, hostileText, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatGreeting, formatReply } from './format-reply.ts';
import { END_TEXT, type EndCode, type Greeting, type Reply, type ReplyLine } from './reply.ts';
import { GreetingParser, ReplyParser } from './reply-parser.ts';
import { bytesFromText, textFromBytes } from './text.ts';

/** All replies in a text. */
function repliesIn(text: string, help = false): readonly Reply[] {
  const parser = new ReplyParser();
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => parser.push(line, help)).filter((reply) => reply !== undefined);
}

function lineOf(text: string): ReplyLine | undefined {
  return repliesIn(`${text}\n401 FAIL\n`)[0]?.lines[0];
}

const FORMS: readonly (readonly [string, ReplyLine])[] = [
  ['101 EVENT 5..name', { code: 101, event: '5..name' }],
  ['102 DATA key = "value"', { code: 102, key: 'key', value: 'value' }],
  ['103 DATA key = ""', { code: 103, key: 'key', value: '' }],
  ['104 OBJECT 6', { code: 104, oid: '6' }],
  ['104 OBJECT -1', { code: 104, oid: '-1' }],
  ['105 NAMESPACE Email', { code: 105, namespace: 'Email' }],
  ['106 INFO "a\\nb"', { code: 106, text: 'a\nb' }],
  ['107 CREATED', { code: 107 }],
  ['108 DESTROYED', { code: 108 }],
  ['109 SESSIONID abc', { code: 109, sessionId: 'abc' }],
  ['110 CLASS User', { code: 110, class: 'User' }],
  ['112 TXN 0198', { code: 112, transaction: '0198' }],
  ['113 STATUS WATCHING', { code: 113, status: 'WATCHING' }],
  ['300 UNKNOWN OBJECT 9999', { code: 300, oid: '9999' }],
  ['301 UNKNOWN CLASS Foo', { code: 301, class: 'Foo' }],
  ['302 BAD DATA 1 enabled "[[base-cce.invalidData]]"', { code: 302, oid: '1', key: 'enabled', message: '[[base-cce.invalidData]]' }],
  ['303 UNKNOWN NAMESPACE fluxcompensator', { code: 303, namespace: 'fluxcompensator' }],
  ['304 PERMISSION DENIED enabled', { code: 304, what: 'enabled' }],
  ['305 WARN "\\303\\251"', { code: 305, text: 'é' }],
  ['306 ERROR UNKNOWN ERROR DURING GET', { code: 306, text: 'UNKNOWN ERROR DURING GET' }],
  ['307 OUT OF MEMORY (SESSIONID)', { code: 307 }],
  ['308 BAD REGEX missing ): a\\(', { code: 308, text: 'missing ): a\\(' }],
  ['309 SUSPENDED "back \\"soon\\""', { code: 309, reason: 'back "soon"' }],
];

test.each(FORMS)('%s is written and read', (text, line) => {
  expect(formatReply({ lines: [line], end: 401 })).toBe(`${text}\n401 FAIL\n`);
  expect(lineOf(text)).toEqual(line);
  expect(lineOf(`${text}\r`)).toEqual(line);
});

test('cce 17.11: a line feed in a value is two characters in 102, and comes back', () => {
  const reply: Reply = { lines: [{ code: 102, key: 'text', value: 'one\ntwo' }], end: 201 };
  expect(formatReply(reply)).toBe('102 DATA text = "one\\ntwo"\n201 OK\n');
  expect(repliesIn(formatReply(reply))).toEqual([reply]);
});

test('cce 17.28: GOODBYE has an empty line behind it, which belongs to no reply', () => {
  expect(formatReply({ lines: [], end: 202 })).toBe('202 GOODBYE\n\n');
  expect(repliesIn('202 GOODBYE\n\n')).toEqual([{ lines: [], end: 202 }]);
});

test('3xx lines end no reply', () => {
  const text = '104 OBJECT 5\n305 WARN "w"\n106 INFO "i"\n201 OK\n300 UNKNOWN OBJECT 9\n401 FAIL\n402 BAD COMMAND\n';
  expect(repliesIn(text).map(({ lines, end }) => [...lines.map(({ code }) => code), end])).toEqual([
    [104, 305, 106, 201],
    [300, 401],
    [402],
  ]);
});

test('every final code has its text', () => {
  for (const [code, text] of Object.entries(END_TEXT)) {
    const end = Number(code) as EndCode;
    expect(formatReply({ lines: [], end }).split('\n')[0]).toBe(`${code} ${text}`);
    expect(repliesIn(`${code}\n`)).toEqual([{ lines: [], end }]);
  }
});

test.each([
  ['102 DATA a = b = "c = \\"d\\""', { code: 102, key: 'a = b', value: 'c = "d"' }],
  ['102 DATA a "b = "c"', { code: 102, key: 'a "b', value: 'c' }],
  ['102 DATA a = "b = "c"', { code: 102, key: 'a = "b', value: 'c' }],
  ['102 DATA old = plain text', { code: 102, key: 'old', value: 'plain text' }],
  ['302 BAD DATA 5 odd "key "text"', { code: 302, oid: '5', key: 'odd "key', message: 'text' }],
  ['302 BAD DATA 5 odd key "a \\"b\\""', { code: 302, oid: '5', key: 'odd key', message: 'a "b"' }],
  ['302 BAD DATA 5 key old message', { code: 302, oid: '5', key: 'key', message: 'old message' }],
  ['302 BAD DATA 5 key', { code: 302, oid: '5', key: 'key', message: '' }],
  ['302 BAD DATA 5 key "', { code: 302, oid: '5', key: 'key', message: '"' }],
  ['305 WARN old text', { code: 305, text: 'old text' }],
  ['305 WARN "half', { code: 305, text: '"half' }],
  ['309 SUSPENDED maintenance', { code: 309, reason: 'maintenance' }],
  ['310 DEPRECATED x', { code: 0, text: '310 DEPRECATED x' }],
  ['114 FUTURE', { code: 0, text: '114 FUTURE' }],
  ['104 THING 5', { code: 0, text: '104 THING 5' }],
] as const)('%s, which only others send, is understood or kept', (text, line) => {
  expect(lineOf(text)).toEqual(line);
});

test.each(['', 'hello', '200 READY', '404 NOT FOUND', '299', '2010 OK', '201OK', '20', '500 x', '099 x', '1e2 x', '-01 x', '0x1 y'])(
  '%j is no line of a reply',
  (line) => {
    expect(() => repliesIn(`${line}\n`)).toThrow(expect.objectContaining({ code: 'CSCP_PROTOCOL' }));
  },
);

test('lines without a code are a part of the reply to HELP alone', () => {
  const help: Reply = { lines: [{ code: 0, text: 'GET oid : shows an object' }], end: 201 };
  expect(repliesIn(formatReply(help), true)).toEqual([help]);
  expect(() => repliesIn(formatReply(help))).toThrow(expect.objectContaining({ code: 'CSCP_PROTOCOL' }));
});

test('a reply beyond the limit is refused, also one of many short lines', () => {
  const parser = new ReplyParser(1000);
  const endless = (): void => {
    for (let count = 0; count < 20; count += 1) parser.push('104 OBJECT 1');
  };
  expect(endless).toThrow(expect.objectContaining({ code: 'CSCP_TOO_LARGE' }));
});

const text = hostileText({ maxLength: 30, words: ['\n201 OK\n', '"', '\\', ' = "', ' "', '\r'] })
  .filter((value) => !value.includes('\0'))
  .map((value) => textFromBytes(bytesFromText(value)));
const anyLine: fc.Arbitrary<ReplyLine> = fc.oneof(
  fc.record({ code: fc.constantFrom(102 as const, 103 as const), key: text, value: text }),
  fc.record({ code: fc.constant(302 as const), oid: fc.constantFrom('0', '5'), key: text, message: text }),
  fc.record({ code: fc.constantFrom(106 as const, 305 as const), text }),
  fc.record({ code: fc.constant(301 as const), class: text }),
  fc.record({ code: fc.constant(303 as const), namespace: text }),
  fc.record({ code: fc.constant(304 as const), what: text }),
  fc.record({ code: fc.constantFrom(306 as const, 308 as const), text }),
  fc.record({ code: fc.constant(309 as const), reason: text }),
);

test('whatever texts a reply bears, it is read as one reply with the same lines, and its values are the same', async () => {
  await fuzz(
    'cscp.replies',
    fc.array(anyLine, { maxLength: 4 }),
    (lines) => {
      const [reply, ...more] = repliesIn(formatReply({ lines, end: 401 }));
      expect(more).toEqual([]);
      expect(reply?.lines.map(({ code }) => code)).toEqual(lines.map(({ code }) => code));
      for (const [index, line] of lines.entries()) {
        const read = reply?.lines[index];
        if (line.code === 106 || line.code === 305 || line.code === 309) expect(read).toEqual(line);
        if (line.code === 102 || line.code === 103) expect(read).toMatchObject({ value: valueAfterLastQuote(line) });
      }
    },
    { share: 3 },
  );
});

/** A key that holds ` = "` itself may take the beginning of a value for its own end; schemas have no such keys. */
function valueAfterLastQuote({ key, value }: { readonly key: string; readonly value: string }): unknown {
  return key.includes('"') ? expect.any(String) : value;
}

const SAMPLES = ['100 CSCP/0.99\n101 EVENT 5..name\n111 ROLLBACK\n309 SUSPENDED "r"\n200 READY\n', FORMS.map(([form]) => form).join('\n')];

test('hostile lines get nothing but an error of ours', async () => {
  const inputs = fc.oneof(mutatedText(SAMPLES, ['"', '\\', ' = "']), hostileText({ maxLength: 80 }));
  await fuzz('cscp.hostile-lines', inputs, (input) => {
    refusedWith(/^CSCP_/, () => repliesIn(input));
    refusedWith(/^CSCP_/, () => greetingIn(input));
  });
});

function greetingIn(input: string): Greeting | undefined {
  const parser = new GreetingParser();
  for (const line of input.split('\n')) {
    const greeting = parser.push(line);
    if (greeting) return greeting;
  }
  return undefined;
}

test('cce 17.17: a greeting is written and read', () => {
  const plain: Greeting = { version: '0.99', events: [], rollback: false };
  expect(formatGreeting(plain)).toBe('100 CSCP/0.99\n200 READY\n');
  expect(greetingIn('100 CSCP/0.80\r\n200 READY\r\n')).toEqual({ ...plain, version: '0.80' });
  const full: Greeting = { version: '0.99', events: ['5._CREATE', '27.Foo.enable', '2..name'], rollback: true, suspended: 'a "b"' };
  expect(formatGreeting(full)).toBe(
    '100 CSCP/0.99\n101 EVENT 5._CREATE\n101 EVENT 27.Foo.enable\n101 EVENT 2..name\n111 ROLLBACK\n309 SUSPENDED "a \\"b\\""\n200 READY\n',
  );
  expect(greetingIn(formatGreeting(full))).toEqual(full);
});

test.each([
  ['100 CSCP/0.99\n400 NOT READY\n', 'CSCP_NOT_READY'],
  ['999 ENGINE ON FIRE\n', 'CSCP_NOT_READY'],
  ['Maximum number of connections reached\n', 'CSCP_NOT_READY'],
  ['SSH-2.0-OpenSSH\n', 'CSCP_PROTOCOL'],
  ['200 READY\n', 'CSCP_PROTOCOL'],
  ['100 CSCP/0.99\n201 OK\n', 'CSCP_PROTOCOL'],
])('%j is no greeting', (input, code) => {
  expect(() => greetingIn(input)).toThrow(expect.objectContaining({ code }));
});

test('a server that does not serve says so instead of READY', () => {
  expect(formatGreeting({ version: '0.99', events: [], rollback: false, refused: 400 })).toBe('100 CSCP/0.99\n400 NOT READY\n');
});
