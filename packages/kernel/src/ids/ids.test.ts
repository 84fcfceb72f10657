import { expect, test } from 'vitest';
import { isUuid, newAlphanumeric, newToken, newUuid, uuidFromName } from './index.ts';

test('a token is 256 bits in base64url', () => {
  expect(newToken()).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(newToken()).not.toBe(newToken());
});

test('tells a UUID from an internal row number', () => {
  expect(isUuid(newUuid())).toBe(true);
  expect(isUuid('4')).toBe(false);
});

test('a name-based UUID agrees with the vector of RFC 9562 A.4', () => {
  expect(uuidFromName('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('letters and digits come in any number, each as often as the others', () => {
  expect(newAlphanumeric(64)).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(newAlphanumeric(0)).toBe('');
  const counts = new Map<string, number>();
  for (const letter of newAlphanumeric(62_000)) counts.set(letter, (counts.get(letter) ?? 0) + 1);

  expect(counts.size).toBe(62);
  // 1000 on average with a deviation of 32: a modulo of 256 by 62 would give eight letters 1250.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(220);
});
