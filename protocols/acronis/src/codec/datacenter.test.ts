import { expect, test } from 'vitest';
import { parseApiBase, parseDatacenterUrl } from './datacenter.ts';

test.each([
  ['https://eu8-cloud.acronis.com', 'eu8'],
  ['https://eu8.acronis.cloud', 'eu8'],
  ['https://EU8.Acronis.Cloud/', 'eu8'],
  ['https://eu8.acronis.cloud:443/', 'eu8'],
  ['https://cloud.acronis.com', 'cloud'],
  ['https://acronis.cloud', 'cloud'],
])('%s is the data center %s', (url, id) => {
  expect(parseDatacenterUrl(url)?.id).toBe(id);
});

test('the URL that is kept is the plain one', () => {
  expect(parseDatacenterUrl('https://EU8.Acronis.Cloud:443/')).toEqual({ id: 'eu8', url: 'https://eu8.acronis.cloud' });
});

test.each([
  'http://eu8.acronis.cloud',
  'https://eu8.acronis.cloud:8443',
  'https://eu8.acronis.cloud/api',
  'https://eu8.acronis.cloud//',
  'https://eu8.acronis.cloud?x',
  'https://eu8.acronis.cloud#x',
  'https://user@eu8.acronis.cloud',
  'https://eu8.acronis.cloud.',
  'https://eu8.acronis.cloud.evil.example',
  'https://evil.example/eu8.acronis.cloud',
  'https://a.b.acronis.cloud',
  'https://-cloud.acronis.com',
  'https://.acronis.cloud',
  'https://eu_8.acronis.cloud',
  'https://eu8-x.acronis.cloud',
  'https://eu8.acronis.cloud\\@evil.example',
  ' https://eu8.acronis.cloud',
  'https://eu8.acronis.cloud\n',
  'https://127.0.0.1',
  'eu8.acronis.cloud',
  '',
  `https://${'a'.repeat(600)}.acronis.cloud`,
])('%j is no data center', (url) => {
  expect(parseDatacenterUrl(url)).toBeUndefined();
});

test('a list of hosts of one’s own replaces the built-in one', () => {
  const hosts = ['dc-<label>.cloud.example', 'acronis.example'];
  expect(parseDatacenterUrl('https://dc-7.cloud.example', hosts)?.id).toBe('7');
  expect(parseDatacenterUrl('https://acronis.example', hosts)?.id).toBe('acronis.example');
  expect(parseDatacenterUrl('https://eu8.acronis.cloud', hosts)).toBeUndefined();
});

test('cyberapp 9.133: an API base loses its trailing slashes and has no path', () => {
  expect(parseApiBase('https://EU8-cloud.acronis.com///')).toBe('https://eu8-cloud.acronis.com');
  expect(parseApiBase('https://127.0.0.1:8443/')).toBe('https://127.0.0.1:8443');
  for (const text of [
    'https://eu8.acronis.cloud/api',
    'https://u:p@eu8.acronis.cloud',
    'https://a?b',
    'https://a#b',
    'ftp://a',
    'eu8',
    'https://',
    'https://a b',
  ])
    expect(parseApiBase(text)).toBeUndefined();
});
