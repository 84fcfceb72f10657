import { expect, test } from 'vitest';
import { isUuid, newToken, newUuid, uuidFromName } from './index.ts';

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
