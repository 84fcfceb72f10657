import { expect, test } from 'vitest';
import { shippedFiles } from '../../test/support/shipped-engine.ts';
import { loadSchema } from '../schema/index.ts';

const { typedefs = new Map() } = loadSchema(await shippedFiles('.schema')).schema;

/** Types of the specification (cce 2.6) with values that fit and values that do not. */
const TYPES: Readonly<Record<string, readonly [fits: readonly string[], not: readonly string[]]>> = {
  scalar: [['', 'anything', 'é\n"'], []],
  word: [
    ['a', 'a-b/c', 'é'],
    ['', 'a b', 'a\tb', 'a\n'],
  ],
  alphanum: [['aZ9'], ['', 'a-b', 'a b']],
  alphanum_plus: [['a.b_c-D9'], ['', 'a+b', 'a b']],
  alphanum_plus_multiline: [['a.b\nc d'], ['', 'a+b']],
  alphanum_plus_space: [['a b.c'], ['', 'a\nb']],
  lc_alphanum: [['a9'], ['', 'A']],
  int: [
    ['0', '-1', '42'],
    ['', '-0', '01', '1.5', '+1', '1\n'],
  ],
  uint: [
    ['0', '42'],
    ['', '-1', '01'],
  ],
  boolean: [
    ['0', '1'],
    ['', '2', '00', 'true'],
  ],
  ternary: [
    ['0', '1', '2'],
    ['', '3'],
  ],
  memdisk: [
    ['16M', '16MB', '1K', '2GB', '1T'],
    ['', '16', 'M', '16 M', '16X', '-1'],
  ],
  ipaddr: [
    ['0.0.0.0', '255.255.255.255', '192.0.2.1'],
    ['', '256.0.0.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4 ', '::1'],
  ],
  ipaddrIPv6: [
    [
      '::',
      '::1',
      '1::',
      '2001:db8::1',
      'fe80:0:0:0:0:0:0:1',
      '1:2:3:4:5:6:7:8',
      '::ffff:192.0.2.1',
      '64:ff9b::192.0.2.1',
      '1:2:3:4:5:6:7::',
      '::2:3:4:5:6:7:8',
    ],
    ['', ':', ':::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1::2::3', '12345::', 'g::', '192.0.2.1', '::1%eth0', '::256.0.0.1'],
  ],
  ipaddrIPv4IPv6: [
    ['192.0.2.1', '2001:db8::1'],
    ['', 'host'],
  ],
  ipaddr_list: [
    ['', '192.0.2.1', '192.0.2.1 192.0.2.2', '192.0.2.1,192.0.2.2\n192.0.2.3'],
    ['host', '192.0.2.1;192.0.2.2', '::1'],
  ],
  ipaddr_list_IPv6: [['', '::1 ::2'], ['192.0.2.1']],
  ipaddr_list_IPv4IPv6: [['', '::1, 192.0.2.1'], ['host']],
  network: [
    ['10.0.0.0/8', '192.0.2.1/32'],
    ['', '10.0.0.0', '10.0.0.0/0', '10.0.0.0/33'],
  ],
  network_ipv6: [
    ['2001:db8::/32', '::1/128', '::/1'],
    ['', '2001:db8::', '2001:db8::/0', '2001:db8::/129'],
  ],
  netmask: [
    ['1', '32', '255.255.255.0'],
    ['', '0', '33', '/24'],
  ],
  email_address: [
    ['a@b', 'a.b-c_d@e-f.g'],
    ['', 'a', '@b', 'a@', 'a b@c', 'a+b@c'],
  ],
  email_addresses: [
    ['', 'a@b', 'a@b, c@d'],
    ['a', 'a@b;c@d'],
  ],
  fqdn: [
    ['a.b', 'www.example.com', '1-a.example.com'],
    ['', 'localhost', 'A.b', '-a.b', 'a..b', 'a.1', 'a.b.', '*.a.b'],
  ],
  fqdnPlusWildcard: [
    ['www.example.com', '*.example.com', '_dmarc.example.com'],
    ['', '*', 'a.*.com', '*example.com'],
  ],
  hostname: [
    ['localhost', 'www', 'mail.example.com', 'A9', '10.0.0'],
    ['', '-a', 'a-', 'a_b', 'a..b', '.a'],
  ],
  hostnamePlusWildcard: [
    ['*', '*.sub', 'www', '_sip._tcp', '_dmarc'],
    ['', 'a*', '-a'],
  ],
  domainname: [
    ['localdomain', 'example.com', '_domainkey.example.com', '2.0.192.in-addr.arpa'],
    ['', '-a.com', 'a..b', 'a b'],
  ],
  domainnames: [
    ['', 'example.com example.org'],
    ['a b;c', '-a'],
  ],
  password: [
    ['12345678', 'x'.repeat(128), 'päßwörter', "with 'quote' <&>"],
    ['', '1234567', 'x'.repeat(129), 'with"quote', 'control\u0001x', 'delete\u007fx'],
  ],
  accountname: [
    ['a', 'a.b-c_9', `a${'b'.repeat(30)}`],
    ['', '1a', 'A', `a${'b'.repeat(31)}`, 'a b'],
  ],
  fullName: [
    ['', 'Jane Doe', 'Jürgen'],
    ['a:b', 'a\nb', 'a\rb'],
  ],
  AuthProtos: [
    ['LOGIN', 'PLAIN', 'CRAM-MD5', 'OAUTH'],
    ['', 'plain', 'NTLM'],
  ],
  IMAPtype: [
    ['IMAP', 'SSL', 'TLS'],
    ['', 'STARTTLS'],
  ],
  fq_email_address: [['a.b+c@example.com'], ['', 'a@b', 'a']],
  fq_email_address_or_username: [
    ['a@example.com', 'admin'],
    ['', 'a@b', 'A B'],
  ],
  IP_or_FQDN: [
    ['192.0.2.1', '::1', 'imap.example.com'],
    ['', 'a b', 'a_b'],
  ],
  URL: [
    ['http://a', 'https://example.com/x?y=z'],
    ['', 'ftp://a', 'example.com', 'http://a b'],
  ],
  amstate: [
    ['N', 'G', 'Y', 'R'],
    ['', 'X', 'n'],
  ],
  interface: [
    ['eth0', 'eth0:1', 'venet0', 'venet0:0', 'ens3', 'enp1s0'],
    ['', 'lo', 'eth', 'eth0.1', 'wlan0'],
  ],
  IP_Protocol_Type: [
    ['IPv4', 'IPv6', 'BOTH', 'VZv4', 'VZv6', 'VZBOTH'],
    ['', 'ipv4'],
  ],
  REDIRECT: [
    ['302', 'permanent', 'proxy'],
    ['', '301'],
  ],
  vhostDocRoot: [['/home/.sites/site1/web'], ['', 'home', './x']],
  dns_record_type: [
    ['A', 'AAAA', 'PTR', 'CNAME', 'MX', 'TXT', 'NS', 'SN'],
    ['', 'SRV', 'a'],
  ],
  mx_priority: [
    ['extremely_high', 'very_high', 'high', 'low', 'very_low'],
    ['', '10'],
  ],
  emailQueueTime: [
    ['immediate', 'quarter-hourly', 'half-hourly', 'hourly', 'quarter-daily', 'daily'],
    ['', 'weekly'],
  ],
  sslCountry: [
    ['DE', 'US'],
    ['', 'de', 'DEU'],
  ],
  nginxWorker: [
    ['auto', '4'],
    ['', 'many'],
  ],
  valTime: [
    ['1d', '30s', '5m', '12h'],
    ['', '5', 'd', '1w'],
  ],
};

/** All that the specification names. */
const NAMED = [
  ...'scalar word alphanum alphanum_plus alphanum_plus_multiline alphanum_plus_space lc_alphanum int uint boolean ternary memdisk'.split(
    ' ',
  ),
  ...'ipaddr ipaddrIPv6 ipaddrIPv4IPv6 ipaddr_list ipaddr_list_IPv4IPv6 ipaddr_list_IPv6 network network_ipv6 netmask email_address'.split(
    ' ',
  ),
  ...'email_addresses NetAddress NetAddresses InetAddress InetAddressList fqdn fqdnPlusWildcard hostname hostnamePlusWildcard domainname'.split(
    ' ',
  ),
  ...'domainnames password accountname fullName AuthProtos IMAPtype fq_email_address fq_email_address_or_username IP_or_FQDN URL'.split(
    ' ',
  ),
  ...'amstate bootproto internetMode interface HTTP_Access_Type IP_Protocol_Type MTA_Type Mailbox_Type theme_choices REDIRECT cgiAccess'.split(
    ' ',
  ),
  ...'vhostDocRoot knownFs diskDevice dns_record_type dns_email dns_zone_format mx_priority emailQueueTime mail_alias mailman_name'.split(
    ' ',
  ),
  ...'postPolicy subPolicy mysqlusername mysqldatabase wakemode powermode schedule_type schedule_filename_type statsReport sslCountry'.split(
    ' ',
  ),
  ...'swidType versionType installStateMode pType uType intervalType status notifyType OnOff telnetaccess userNameGenMode nginxWorker'.split(
    ' ',
  ),
  ...'valTime NginxOnOff devicename'.split(' '),
];

test.each(Object.entries(TYPES))('%s fits what it means, and nothing else', (name, [fits, not]) => {
  const type = typedefs.get(name);

  expect(fits.filter((value) => type?.accepts(value) !== true)).toEqual([]);
  expect(not.filter((value) => type?.accepts(value) !== false)).toEqual([]);
});

test.each(NAMED)('the type %s is there', (name) => {
  expect(typedefs.get(name)?.kind).toMatch(/^(re|enum)$/);
});

test('a type that has a message of its own says it', () => {
  expect(typedefs.get('sslCountry')?.errorMessage).toBe('[[base-ssl.country_invalid]]');
  expect(typedefs.get('int')?.errorMessage).toBe('[[base-cce.invalidData]]');
});
