import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sign, stringToSign } from '../src/auth.ts';
import { openCloud } from './support.ts';

interface Vector {
  readonly title: string;
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  readonly stringToSign: string;
  readonly signature: string;
  readonly sent: string;
  readonly status: number;
  readonly accepted: boolean;
}

interface Vectors {
  readonly apiKey: string;
  readonly secretKey: string;
  readonly vectors: readonly Vector[];
}

const recorded = JSON.parse(readFileSync(new URL('./fixtures/signing-vectors.json', import.meta.url), 'utf8')) as Vectors;
const titled = recorded.vectors.map((vector) => [vector.title, vector] as const);

test('there are thirty vectors', () => {
  expect(recorded.vectors).toHaveLength(30);
});

test.each(titled)('our signature is the recorded one exactly where the server accepted it: %s', (_title, vector) => {
  const pairs = Object.entries(vector.params);
  const ours = { text: stringToSign(pairs), signature: sign(pairs, recorded.secretKey) };
  const theirs = { text: vector.stringToSign, signature: vector.signature };
  if (vector.accepted) expect(ours).toEqual(theirs);
  else expect(ours.signature).not.toBe(theirs.signature);
});

test.each(titled)('the fake answers what was sent with the recorded status: %s', async (_title, vector) => {
  await using cloud = await openCloud();
  cloud.fake
    .userRow('alice')
    .keys.push({ id: 'vectors', n: 0, name: 'vectors', apiKey: recorded.apiKey, secretKey: recorded.secretKey, created: 0 });
  const post = vector.method === 'POST';
  const init = post ? { method: 'POST', body: vector.sent, headers: { 'content-type': 'application/x-www-form-urlencoded' } } : {};
  const response = await fetch(post ? cloud.fake.url : `${cloud.fake.url}?${vector.sent}`, init);
  expect(response.status).toBe(vector.status);
});
