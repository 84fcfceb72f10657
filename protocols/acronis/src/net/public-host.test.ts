import { expect, test } from 'vitest';
import { privateHost } from './public-host.ts';

const leadsTo = (...addresses: readonly string[]) => privateHost('https://eu8.acronis.cloud', async () => addresses);

test('a host is talked to when all its addresses are public', async () => {
  expect(await leadsTo('203.0.113.7', '2606:4700::1')).toBeUndefined();
});

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '::1',
  '::',
  'fd00::1',
  'fe80::1',
  '::ffff:10.0.0.1',
])('a name that leads to %s also is not', async (address) => {
  expect(await leadsTo('203.0.113.7', address)).toBe('its name leads to a private address');
});

test('an address in the URL is looked at as it is, a name that leads nowhere says so', async () => {
  const asked: string[] = [];
  await privateHost('https://[::1]:8443', async (host) => {
    asked.push(host);
    return [host];
  });
  expect(asked).toEqual(['::1']);
  const gone = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
  expect(await privateHost('https://eu8.acronis.cloud', gone)).toBe('ENOTFOUND');
});
