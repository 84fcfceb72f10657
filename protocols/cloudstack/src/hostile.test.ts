import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAnswer, redact, retryAfter, singleValue } from './answer.ts';
import { CloudStackError } from './errors.ts';
import * as schema from './schema/index.ts';
import { readLogin } from './schema/login.ts';

const SECRET = 's3cr3t-key-of-ours';
const CONTEXT = { command: 'listVirtualMachines', secrets: [SECRET] };

/** What the server says, and what stands between us and it. */
const BODIES: readonly string[] = [
  '{"listvirtualmachinesresponse":{"count":1,"virtualmachine":[{"id":"5e2f0a1c-0000-4000-8000-000000000001","name":"web","displayname":"web","account":"admin","state":"Running","memory":512,"cpunumber":1,"cputotal":"1.0","haenable":false,"details":{"cpuNumber":"1"},"nic":[{"id":"n","networkid":"w","isdefault":true,"macaddress":"02:00:4c:9d:00:01","secondaryip":[]}],"tags":[{"key":"a","value":"b"}],"created":"2026-01-02T03:04:05+0000"}]}}',
  '{"listvolumesresponse":{"count":1,"volume":[{"id":"v","name":"ROOT-1","type":"ROOT","size":8589934592,"deviceid":0,"state":"Ready","isextractable":true,"utilization":"12.5%","created":"2026-01-02T03:04:05+0000"}]}}',
  '{"queryasyncjobresultresponse":{"jobid":"j","jobstatus":2,"jobresultcode":530,"jobresulttype":"object","jobresult":{"errorcode":530,"errortext":"no capacity"}}}',
  `{"errorresponse":{"uuidList":[{"uuid":"x","description":"vmId"}],"errorcode":431,"cserrorcode":4350,"errortext":"Unable to ${SECRET} execute"}}`,
  '{"loginresponse":{"username":"admin","userid":"u","domainid":"d","timeout":1800,"account":"admin","type":"1","sessionkey":"k","is2faenabled":"false","is2faverified":"true"}}',
  '{"errorresponse":{"errorcode":429,"errortext":"The given user has reached his/her account api limit, please retry after [1928] ms."}}',
  '{"listzonesresponse":{}}',
  `<html><head><title>502 Bad Gateway</title></head><body>${SECRET}</body></html>`,
  '<?xml version="1.0" encoding="UTF-8"?><errorresponse cloud-stack-version="4.23.0.0"><errorcode>401</errorcode></errorresponse>',
];
const WORDS = ['"errorcode":', '"errortext":', '"jobstatus":', '"count":', '"id":', 'null', '1e400', '"1.0"', SECRET, '{"a":', '}}', '[1]'];
const TYPES = ['application/json;charset=utf-8', 'text/javascript', 'text/html', 'text/xml', '', 'JSON'];

function refused(code: string | undefined, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CloudStackError) || (code !== undefined && error.code !== code)) throw error;
    const told = [error.message, error.errorText, error.stack, JSON.stringify(error)].join(' ');
    expect(told).not.toContain(SECRET);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    expect(error.message.length).toBeLessThan(70_000);
    return undefined;
  }
}

test('any answer is a value or a refusal in one line without our secret', async () => {
  const inputs = fc.record({
    status: fc.constantFrom(200, 200, 401, 429, 431, 530, 531, 503),
    contentType: fc.constantFrom(...TYPES),
    body: fc.oneof(mutatedText(BODIES, WORDS), hostileText({ words: WORDS, maxLength: 400 })),
  });
  await fuzz(
    'cloudstack.answers',
    inputs,
    (raw) => {
      for (const command of ['listVirtualMachines', 'login']) refused(undefined, () => readAnswer(raw, { ...CONTEXT, command }));
    },
    { share: 8 },
  );
});

const readers = Object.entries({ ...schema, readLogin }).filter(([name]) => name !== 'readJobStart');

test('whatever a thing of the cloud is made of, it is refused or has what is required', async () => {
  const samples = BODIES.slice(0, 5);
  const inputs = fc.tuple(fc.constantFrom(...readers), mutatedText(samples, WORDS), fc.jsonValue({ maxDepth: 2 }));
  await fuzz(
    'cloudstack.things',
    inputs,
    ([[, read], body, other]) => {
      const parsed = jsonOf(body);
      const things = [other, singleValue(parsed), ...Object.values(Object(singleValue(parsed))).flat()];
      for (const thing of things) {
        const value = refused('CLOUDSTACK_BAD_ANSWER', () => read(thing));
        if (value === undefined) continue;
        expect(typeof value).toBe('object');
        expect(numbersOf(value).every(Number.isFinite)).toBe(true);
      }
      refused('CLOUDSTACK_BAD_ANSWER', () => schema.readJobStart(other));
    },
    { share: 2 },
  );
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function numbersOf(value: unknown): number[] {
  return Object.values(Object(value)).filter((one) => typeof one === 'number');
}

test('no text asks us to wait for ever, and what is struck out is gone', async () => {
  const texts = fc.oneof(mutatedText(['please retry after [1928] ms.', `x ${SECRET} y`], ['retry after ', ' ms', SECRET]), hostileText());
  await fuzz(
    'cloudstack.texts',
    texts,
    (text) => {
      const wait = retryAfter(text);
      if (wait !== undefined) expect(Number.isSafeInteger(wait) && wait >= 0).toBe(true);
      expect(redact(text, [SECRET, ''])).not.toContain(SECRET);
    },
    { share: 2 },
  );
});
