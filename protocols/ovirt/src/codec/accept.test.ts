import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { negotiate } from './index.ts';

const XML = { format: 'xml', explicit: true };
const JSON_ = { format: 'json', explicit: true };
const ANY = { format: 'xml', explicit: false };

test.each<[header: string | undefined, expected: unknown]>([
  [undefined, ANY],
  ['', ANY],
  ['*/*', ANY],
  ['*', ANY],
  ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', ANY],
  ['application/xml', XML],
  ['text/xml', XML],
  ['Application/XML;charset=utf-8', XML],
  ['application/json', JSON_],
  ['text/json', JSON_],
  ['application/xml, application/json;q=0.9', XML],
  ['application/json;q=0.9, application/xml', XML],
  ['application/json, application/xml;q=0.9', JSON_],
  ['application/json;q=0.2, application/xml;q=0.1', JSON_],
  ['application/json, application/xml', JSON_],
  ['application/xml, application/json', XML],
  ['application/json, text/plain, */*', JSON_],
  ['application/json;q=0.5, */*;q=0.9', { format: 'xml', explicit: false }],
  ['application/xml;q=0, */*', { format: 'json', explicit: false }],
  ['application/xml;q=0, application/*', { format: 'json', explicit: false }],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', XML],
  ['application/*', ANY],
  ['text/*', ANY],
  ['application/xml; Q=0.5, application/json; q=0.4', XML],
  ['application/json;q=high', JSON_],
  ['text/html', undefined],
  ['image/png, text/plain', undefined],
  ['application/xml;q=0', undefined],
  ['*/*;q=0', undefined],
])('Accept: %s', (header, expected) => {
  expect(negotiate(header)).toEqual(expected);
});

test('the query parameter is stronger than the header', () => {
  expect(negotiate('application/xml', 'application/json')).toEqual(JSON_);
  expect(negotiate('application/json', '')).toEqual(JSON_);
  expect(negotiate('application/json', 'text/html')).toBeUndefined();
});

test('no header makes it throw', async () => {
  await fuzz('ovirt.accept', fc.string({ unit: fc.constantFrom(...'*/;,=q01. axmljson') }), (header) => {
    expect(['xml', 'json', undefined]).toContain(negotiate(header)?.format);
  });
});
