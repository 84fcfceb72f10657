import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerReader } from './answer-reader.ts';
import { type AnswerHead, MalformedAnswer } from './head.ts';

interface Read {
  readonly head: AnswerHead | undefined;
  readonly body: string;
  readonly ended: boolean;
  readonly excess: boolean;
}

/** What becomes of an answer that comes in pieces of this many bytes. */
function read(text: string, { size = text.length, method = 'GET', close = false } = {}): Read {
  let head: AnswerHead | undefined;
  let body = '';
  let ended = false;
  let excess = false;
  const reader = new AnswerReader(method, {
    onHead: (given) => {
      head = given;
    },
    onPiece: (bytes) => {
      body += Buffer.from(bytes).toString('latin1');
    },
    onEnd: () => {
      ended = true;
    },
  });
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) excess ||= !reader.push(bytes.subarray(at, at + size));
  if (close) reader.close();
  return { head, body, ended, excess };
}

const ANSWERS = {
  'a length': ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
  'the same length twice': ['HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello', 'hello'],
  chunks: ['HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nhe\r\n3;x=1\r\nllo\r\n0\r\nX-T: 1\r\n\r\n', 'hello'],
  'no chunk': ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', ''],
  'a length of nothing': ['HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n', ''],
  '204': ['HTTP/1.1 204 No Content\r\nX: y\r\n\r\n', ''],
  'an interim answer before': ['HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
} as const;

for (const [title, [text, body]] of Object.entries(ANSWERS)) {
  test(`${title}: the answer is the same in pieces of any size`, () => {
    for (let size = 1; size <= text.length; size += 1) {
      expect(read(text, { size })).toMatchObject({ body, ended: true, excess: false });
    }
    expect(read(`${text}H`).excess).toBe(true);
  });
}

test('without length and chunks, the body lasts until the connection ends', () => {
  const text = 'HTTP/1.0 200 OK\r\n\r\nhello';
  expect(read(text)).toMatchObject({ body: 'hello', ended: false });
  expect(read(text, { close: true })).toMatchObject({ body: 'hello', ended: true });
});

test('the answer to HEAD has no body, whatever length it states', () => {
  expect(read('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', { method: 'HEAD' })).toMatchObject({ body: '', ended: true });
});

test('names are in lower case, values of one name are joined, and names of every object are names', () => {
  const text = 'HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a:  2 \r\nconstructor: c\r\n__proto__: p\r\nEmpty:\r\nContent-Length: 0\r\n\r\n';
  const { head } = read(text);
  expect(Object.entries(head?.headers ?? {})).toEqual([
    ['x-a', '1, 2'],
    ['constructor', 'c'],
    ['__proto__', 'p'],
    ['empty', ''],
    ['content-length', '0'],
  ]);
});

test('how long a connection may be kept: what the server says less a second, not at all after `close`, in HTTP/1.0 and with two lengths', () => {
  const keep = (lines: string, version = '1.1') => read(`HTTP/${version} 200 OK\r\n${lines}\r\n\r\n`).head?.keepMs;
  expect(keep('Content-Length: 0')).toBeUndefined();
  expect(keep('Keep-Alive: timeout=5')).toBe(4000);
  expect(keep('Keep-Alive: timeout=1, max=3')).toBe(0);
  expect(keep('Connection: Close')).toBe(0);
  expect(keep('Content-Length: 0', '1.0')).toBe(0);
  expect(keep('Connection: keep-alive', '1.0')).toBeUndefined();
  expect(keep('Content-Length: 5\r\nTransfer-Encoding: chunked')).toBe(0);
});

const MALFORMED = {
  'another protocol': 'SSH-2.0-OpenSSH_9\r\n',
  'HTTP/2': 'HTTP/2 200 OK\r\n\r\n',
  'a status of four digits': 'HTTP/1.1 2000 OK\r\n\r\n',
  'no colon': 'HTTP/1.1 200 OK\r\nX\r\n\r\n',
  'a folded line': 'HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\n\r\n',
  'a blank before the colon': 'HTTP/1.1 200 OK\r\nX : 1\r\n\r\n',
  'a bare return in a value': 'HTTP/1.1 200 OK\r\nX: 1\r2\r\n\r\n',
  'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n',
  'a length below nothing': 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
  'another coding': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
  'a change of protocol': 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  'a chunk without a size': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n',
  'a chunk that is longer than it says': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n',
  'a line without end': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1'.repeat(5000)}`,
  'a head without end': `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`,
};

for (const [title, text] of Object.entries(MALFORMED)) {
  test(`${title} is malformed`, () => {
    expect(() => read(text)).toThrow(MalformedAnswer);
  });
}

for (const text of [
  '',
  'HTTP/1.1 200',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n',
]) {
  test(`a connection that ends after ${JSON.stringify(text)} is malformed`, () => {
    expect(() => read(text, { close: true })).toThrow(MalformedAnswer);
  });
}

test('whatever comes, in whatever pieces: an answer, or MalformedAnswer', async () => {
  const texts = Object.values(ANSWERS).map(([text]) => text);
  const mutation = fc.record({
    text: fc.constantFrom(...texts, ...Object.values(MALFORMED)),
    at: fc.nat(200),
    put: fc.string({ maxLength: 4 }),
    size: fc.integer({ min: 1, max: 40 }),
  });
  await fuzz('ovh.answer', mutation, ({ text, at, put, size }) => {
    try {
      read(text.slice(0, at) + put + text.slice(at + 1), { size, close: true });
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedAnswer);
      return false;
    }
  });
});
