import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RawAnswer, readAnswer, redact, retryAfter } from './answer.ts';
import { CloudStackError } from './errors.ts';
import { readAsyncJob, readVirtualMachine, readVolume } from './schema/index.ts';

const CONTEXT = { command: 'listZones', secrets: ['s3cr3t-key-of-ours'] };

const answers: fc.Arbitrary<RawAnswer> = fc.record({
  status: fc.constantFrom(200, 400, 401, 404, 429, 431, 432, 500, 530, 531),
  contentType: fc.constantFrom('application/json;charset=utf-8', 'text/html', 'text/javascript', '', 'text/xml'),
  body: fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.string(),
    fc.constant('null'),
    fc.string().map((text) => JSON.stringify({ x: { errorcode: 431, errortext: `${text} s3cr3t-key-of-ours` } })),
    fc.string().map((text) => `<html>s3cr3t-key-of-ours ${text}`),
  ),
});

describe('the answer reader', () => {
  test('gives a value or a CloudStackError without our secret, whatever comes', async () => {
    await fuzz(
      'cloudstack.answer',
      answers,
      (raw) => {
        try {
          expect(readAnswer(raw, CONTEXT)).not.toBeUndefined();
          expect(raw.status).toBeLessThan(400);
        } catch (error) {
          if (!(error instanceof CloudStackError)) throw error;
          expect(`${error.message}${error.errorText}`).not.toContain('s3cr3t-key-of-ours');
          expect(error.httpStatus).toBe(raw.status);
        }
      },
      { share: 10 },
    );
  });

  test('gives exactly the inside of the only key', async () => {
    await fuzz('cloudstack.envelope', fc.tuple(fc.string(), fc.dictionary(fc.string(), fc.jsonValue())), ([name, inner]) => {
      fc.pre(typeof inner.errorcode !== 'number');
      const raw = { status: 200, contentType: 'application/json', body: JSON.stringify({ [name]: inner }) };
      expect(JSON.stringify(readAnswer(raw, CONTEXT))).toBe(JSON.stringify(inner));
    });
  });

  test.each([
    ['vm', readVirtualMachine],
    ['volume', readVolume],
    ['job', readAsyncJob],
  ])('the reader of a %s gives an object or a CloudStackError', async (noun, read) => {
    await fuzz(
      `cloudstack.${noun}`,
      fc.tuple(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom('id', 'name', 'state', 'jobid', 'jobstatus', 'nic', 'tags', 'details'), fc.jsonValue()),
      ),
      ([a, b]) => {
        for (const value of [a, b]) {
          try {
            expect(typeof read(value)).toBe('object');
          } catch (error) {
            if (!(error instanceof CloudStackError)) throw error;
            expect(error.code).toBe('CLOUDSTACK_BAD_ANSWER');
          }
        }
      },
    );
  });

  test('tells the first words of a page without tags or control characters', () => {
    const raw = { status: 502, contentType: 'text/html', body: `<html><title>Bad\u0000\u001b[31m Gateway</title>${' x'.repeat(500)}` };
    expect(() => readAnswer(raw, CONTEXT)).toThrow(/^CloudStack answered listZones with HTTP 502, not JSON: Bad \[31m Gateway x x/);
  });
});

test('the words of a refusal are one line of a message, and stay as they are beside it', () => {
  const body = JSON.stringify({ errorresponse: { errorcode: 431, errortext: 'no\u001b[31m\nroom' } });
  const raw = { status: 431, contentType: 'application/json', body };
  const said = { message: 'CloudStack refused listZones: 431 no [31m room', errorText: 'no\u001b[31m\nroom' };
  expect(() => readAnswer(raw, CONTEXT)).toThrow(expect.objectContaining(said));
});

test('redact strikes out every occurrence, and nothing for an empty secret', () => {
  expect(redact('a-b-a', ['a', ''])).toBe('***-b-***');
});

test.each([
  ['please retry after [1928] ms.', 1928],
  ['please retry after 5 ms', 5],
  ['please retry', undefined],
  [undefined, undefined],
])('%s means %s ms', (text, wait) => {
  expect(retryAfter(text)).toBe(wait);
});
