import { readResource } from '@fairlead/ovirt/codec';
import { fuzz, hostileText, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cloudDate } from '../map/date.ts';
import { readDiskWish } from '../map/disk-wish.ts';
import { toHostName } from '../map/host-name.ts';
import { hrefs } from '../map/href.ts';
import { uniqueNames } from '../map/names.ts';
import { staticAddress } from '../map/static-address.ts';
import { splitUser } from '../service/identity.ts';
import { segmentsOf, withoutLastSlashes } from './request.ts';
import { RouteTable } from './routing.ts';
import { bearerOf, cookieOf } from './rules/authenticate.ts';
import { templateOf } from './template.ts';

const routes = new RouteTable([
  { method: 'GET', path: '/vms/:vm/diskattachments/:disk', handle: async () => ({ status: 200, type: 'vm', object: {} }) },
  { method: 'GET', path: '/vms', handle: async () => ({ status: 200, type: 'vm', object: {} }) },
]);

test('any path leads to a route with its parameters, or to a refusal', async () => {
  const words = ['/vms', '/', '%2f', '%00', '%zz', '..', '/diskattachments', '__proto__', 'VMS', 'tags'];
  const paths = fc.oneof(mutatedText(['/vms/5e2f/diskattachments/d', '/vms', '/hosts/1/nics'], words), hostileText({ words }));
  await fuzz(
    'ovirt.paths',
    paths,
    (path) => {
      const segments = segmentsOf(path);
      if (segments === undefined) return;
      expect(segments.every((one) => one !== '' && !one.includes('/') && !one.includes('\0'))).toBe(true);
      const match = routes.match('GET', segments);
      if (match.kind === 'route') expect(Object.values(match.params).every((value) => segments.includes(value))).toBe(true);
      const href = hrefs('/ovirt-engine/api')(...segments);
      expect(segmentsOf(href)?.slice(2)).toEqual(segments.map((one) => one.toWellFormed()));
    },
    { share: 4 },
  );
});

const plain = [
  { methods: ['GET'], path: '/sso/oauth/token', handle: async () => ({ status: 200, raw: { contentType: 'text/plain', body: '' } }) },
] as const;
const template = (url: string) => templateOf('GET', url, { base: '/ovirt-engine', routes, plain });

test('any URL is counted under a path that we wrote', async () => {
  const words = ['/ovirt-engine', '/api', '/vms', '/', '//////////', '%', ';', '?', '/sso/oauth/token', '/v4', 'logout'];
  const urls = fc.oneof(
    mutatedText(['/ovirt-engine/api/vms', '/ovirt-engine/sso/oauth/token/?a=b', '/ca.crt'], words),
    hostileText({ words }),
  );
  await fuzz(
    'ovirt.templates',
    urls,
    (url) => {
      expect(['none', '/api/:empty', '/api/logout', '/sso/oauth/token', '/api/vms', '/api/vms/:vm/diskattachments/:disk']).toContain(
        template(url),
      );
    },
    { share: 3 },
  );
});

test('a path of very many slashes costs no more than its length', () => {
  // With the square of their number this would take minutes.
  expect(template(`/ovirt-engine/sso${'/'.repeat(200_000)}x`)).toBe('none');
  expect(withoutLastSlashes(`/a${'/'.repeat(200_000)}`)).toBe('/a');
});

test('a date of the cloud is none, or has the form that the cloud writes', async () => {
  const texts = fc.oneof(
    mutatedText(['2026-01-02T03:04:05+0000', '2026-01-02T03:04:05.678+0530'], ['T', '+', ':', 'Tue', ' 1']),
    hostileText(),
  );
  await fuzz(
    'ovirt.cloud-dates',
    texts,
    (text) => {
      const ms = cloudDate(text);
      if (ms === undefined) return;
      expect(Number.isSafeInteger(ms)).toBe(true);
      expect(text).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/);
      expect(ms >= -62_167_219_200_000 && ms <= 253_402_300_799_999).toBe(true);
    },
    { share: 3 },
  );
});

test('any name becomes a host name', async () => {
  await fuzz(
    'ovirt.host-names',
    fc.oneof(hostileText(), fc.string({ unit: 'grapheme' })),
    (name) => {
      expect(toHostName(name)).toMatch(/^[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/);
    },
    { share: 2 },
  );
});

test('any list of names becomes one in which each is alone', async () => {
  const item = fc.record({
    id: fc.uuid(),
    name: fc.constantFrom('web', 'db', 'web (a)', ''),
    account: fc.constantFrom(undefined, 'a', 'b'),
  });
  await fuzz('ovirt.unique-names', fc.uniqueArray(item, { selector: ({ id }) => id.slice(0, 8), maxLength: 8 }), (items) => {
    expect(uniqueNames(items).size).toBe(items.length);
  });
});

const SCRIPT =
  "- path: /x/network_config.yml\n  content: |\n    'ipv4': {'enabled': true, 'dhcp': false, 'ip': '192.0.2.7', 'mask': 24}\n    ipv6: {enabled: false}\n";

test('any cloud-init text gives an IPv4 address or none', async () => {
  await fuzz(
    'ovirt.static-address',
    fc.oneof(
      mutatedText([SCRIPT, SCRIPT + SCRIPT], ['ipv4:', 'ip: ', '300.1.1.1', 'dhcp: true']),
      hostileText({ words: ['network_config.yml', 'ipv4:', 'ip: 1.2.3.4'] }),
    ),
    (script) => {
      const address = staticAddress(script);
      if (address !== undefined) expect(address.split('.').every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)).toBe(true);
    },
    { share: 2 },
  );
});

test('any body of a disk is refused, or a disk of some size in one place', async () => {
  const bodies = [
    '{"provisioned_size":8589934592,"name":"d","storage_domains":{"storage_domain":[{"id":"p"}]},"format":"cow"}',
    '<disk><provisioned_size>1</provisioned_size><storage_domains><storage_domain id="p"/></storage_domains></disk>',
  ];
  const words = ['"id":', '<id>x</id>', '-1', '99999999999999999', '"content_type":"iso"', '0'];
  await fuzz(
    'ovirt.disk-wish',
    mutatedText(bodies, words),
    (body) => {
      const disk = refusedWith(/^OVIRT_WIRE_/, () => readResource('disk', body));
      const wish = disk && refusedWith(/^OVIRT_/, () => readDiskWish(disk));
      if (!wish) return false;
      expect(wish.sizeBytes > 0 && wish.sizeGiB >= 1 && wish.sizeGiB <= 65_536 && wish.sizeGiB * 1024 ** 3 >= wish.sizeBytes).toBe(true);
      expect(wish.name.length).toBeLessThanOrEqual(255);
      return true;
    },
    { share: 3, someAccepted: true },
  );
});

test('any user name has a name, and a profile that is no part of it', async () => {
  await fuzz(
    'ovirt.user-names',
    fc.oneof(mutatedText(['admin@internal', 'a@b@ovirt', 'admin'], ['@']), hostileText({ words: ['@'] })),
    (text) => {
      const { name, profile } = splitUser(text);
      expect([text, `${name}@${profile}`]).toContain(profile === undefined ? text : `${name}@${profile}`);
      expect(profile ?? '').not.toContain('@');
    },
  );
});

test('any header gives a token or an id without a space in it, or none', async () => {
  const samples = ['Bearer abc.def', 'JSESSIONID=0123456789abcdefghij0123456789', 'a=b; JSESSIONID="0123456789abcdefghij"; c'];
  await fuzz(
    'ovirt.credentials',
    fc.oneof(mutatedText(samples, ['Bearer ', ';', ' ', '"', 'JSESSIONID=']), hostileText({ words: samples })),
    (value) => {
      expect(bearerOf({ authorization: value }) ?? 'x').toMatch(/^\S+$/);
      expect(cookieOf({ cookie: value }) ?? 'x'.repeat(20)).toMatch(/^[A-Za-z0-9_-]{20,100}$/);
    },
    { share: 2 },
  );
});
