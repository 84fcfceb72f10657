import { afterAll, beforeAll, expect, test } from 'vitest';
import { play, playOn } from './support/transcript.ts';
import { openWorld, type World } from './support/world.ts';

/** A class for the sorts of the original's own test, and one for arrays and empty values. */
const SCHEMA = `
<class name="Thing" version="1.0" createacl="ruleAdmin" destroyacl="ruleAdmin">
  <property name="val1" type="scalar" readacl="ruleAll" />
  <property name="val2" type="scalar" />
  <property name="val3" type="scalar" />
  <property name="address" type="scalar" />
  <property name="host" type="scalar" />
</class>
<class name="Loose" version="1.0">
  <property name="count" type="int" default="" />
  <property name="maybe" type="int" optional="1" default="7" />
  <property name="names" type="lower" array="1" />
</class>
<class name="Loose" namespace="More"><property name="tag" type="scalar" default="plain" /></class>
<typedef name="lower" type="re" data="^[a-z]+$" errmsg="[[test.lower]]" />
<typedef name="scalar" type="re" data=".*" />
<typedef name="int" type="re" data="^(-?[1-9][0-9]*|0)$" />
`;

let world: World;
let small: World;
beforeAll(async () => {
  world = await openWorld();
  small = await openWorld({ files: { 'schemas/small.schema': SCHEMA }, settings: { fixtures: undefined } });
  await fill();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await small[Symbol.asyncDispose]();
});

/** The table of cce 17.49, for consecutive objects. */
let base = 0;
async function fill(): Promise<void> {
  using admin = await small.admin();
  const rows = [
    ['D', 'e', '60', '10.0.0.10', 'b.example.com'],
    ['B', 'c', '61', '10.0.0.9', 'a.example.org'],
    ['b', 'b', '7.9', 'fe80::1', 'a.example.com'],
    ['A', 'd', '3.1', '9.255.0.1', 'example.com'],
    ['a', 'a', '95.01', '::1', 'localhost'],
  ];
  for (const [val1, val2, val3, address, host] of rows) {
    const [line = ''] = await admin.ask(`CREATE Thing val1="${val1}" val2="${val2}" val3="${val3}" address="${address}" host="${host}"`);
    base ||= Number(line.replace('104 OBJECT ', '')) - 1;
  }
}

async function sorted(words: string): Promise<string> {
  using admin = await small.admin();
  const lines = await admin.ask(`FIND Thing ${words}`);
  return lines.map((line) => (line.startsWith('104 OBJECT ') ? String(Number(line.slice(11)) - base) : line)).join(' ');
}

const DEMO: readonly [string, string][] = [
  [
    'cce 17.31: an object that is not there',
    '> GET 9999\n300 UNKNOWN OBJECT 9999\n401 FAIL\n> SET 9999 name=x\n300 UNKNOWN OBJECT 9999\n401 FAIL',
  ],
  ['cce 17.32: a namespace that is not there', '> GET 6.fluxcompensator\n303 UNKNOWN NAMESPACE fluxcompensator\n401 FAIL'],
  [
    'cce 17.33: what is no object',
    '> GET 0\n403 BAD PARAMETERS\n> GET abc\n403 BAD PARAMETERS\n> GET 6 .\n403 BAD PARAMETERS\n> GET 6 x y\n403 BAD PARAMETERS',
  ],
  ['cce 17.34: an unknown property', '> SET 1 foo=1\n302 BAD DATA 1 foo "[[base-cce.unknownAttr]]"\n401 FAIL'],
  [
    'cce 17.35: a bad value stores nothing',
    '> SET 1 . Snmp readCommunity="new" enabled=5\n302 BAD DATA 1 enabled "[[base-cce.invalidData]]"\n401 FAIL\n> GET 1 . Snmp\n...\n102 DATA readCommunity = "public"\n102 DATA readWriteCommunity = "private"\n201 OK',
  ],
  [
    'cce 17.36: two bad keys',
    '> SET 56 enabled=5 foo=1\n302 BAD DATA 56 enabled "[[base-cce.invalidData]]"\n302 BAD DATA 56 foo "[[base-cce.unknownAttr]]"\n401 FAIL',
  ],
  ['cce 17.37: magic keys are ignored', '> SET 56 OID=99 CLASS=Vsite NAMESPACE=x CLASSVER=9\n201 OK\n> FIND User OID=99\n201 OK'],
  [
    'cce 17.38: a type says what is wrong',
    '> SET 34 . SSL country=Germany\n302 BAD DATA 34 country "[[base-ssl.country_invalid]]"\n401 FAIL',
  ],
  [
    'cce 17.45: no object can be destroyed that is none',
    '> DESTROY 0\n403 BAD PARAMETERS\n> DESTROY abc\n403 BAD PARAMETERS\n> DESTROY 9999\n300 UNKNOWN OBJECT 9999\n401 FAIL',
  ],
  ['cce 17.46: a default that was never set is found', '> FIND Vsite dns_auto = 1\n104 OBJECT 34\n201 OK'],
  [
    'cce 17.47: an element of a list, a namespaced key, two criteria',
    '> FIND User capLevels = siteAdmin\n104 OBJECT 58\n201 OK\n> FIND Vsite Disk.quota = 500 domain = "smd.net"\n104 OBJECT 34\n201 OK\n> FIND Vsite Disk.quota = 501 domain = "smd.net"\n201 OK',
  ],
  [
    'cce 17.48: a pattern finds, a bad one is refused',
    String.raw`> FIND Vsite fqdn ~ "^t1\\.smd\\.net$"
    104 OBJECT 34
    201 OK
    > FIND Vsite fqdn ~ "("
    ~ 308 BAD REGEX .+
    401 FAIL`,
  ],
  [
    'cce 17.50: half a sort, or an unknown one, is refused',
    '> FIND User SORTTYPE ascii\n403 BAD PARAMETERS\n> FIND User SORTPROP name\n403 BAD PARAMETERS\n> FIND User SORTTYPE nonsense SORTPROP name\n403 BAD PARAMETERS',
  ],
  [
    'cce 17.52: namespaces of an object, a class, and of neither',
    '> NAMES 6\n105 NAMESPACE Shell\n105 NAMESPACE Email\n...\n201 OK\n> NAMES Route\n201 OK\n> NAMES Foo\n301 UNKNOWN CLASS Foo\n401 FAIL\n> NAMES 9999\n300 UNKNOWN OBJECT 9999\n401 FAIL',
  ],
  [
    'cce 17.43: a class that is not there',
    '> CREATE Foo a=1\n301 UNKNOWN CLASS Foo\n401 FAIL\n> FIND Foo\n301 UNKNOWN CLASS Foo\n401 FAIL',
  ],
  ['cce 17.42: a key of another namespace', '> CREATE Vsite quota=5\n302 BAD DATA 0 quota "[[base-cce.unknownAttr]]"\n401 FAIL'],
  ['cce 1.7: SET of nothing is fine', '> SET 56\n201 OK'],
];

test.each(DEMO)('%s', async (_, transcript) => {
  using admin = await world.admin();
  await playOn(admin, transcript);
});

test('cce 17.30: GET shows the magic keys, in bytewise order', () =>
  play(
    world.adminSocket,
    `> GET 6
     ~ 102 DATA CLASS = "User"
     ~ 102 DATA CLASSVER = "1.0"
     ...
     201 OK
     > GET 6 . Shell
     102 DATA CLASSVER = "1.0"
     102 DATA NAMESPACE = "Shell"
     102 DATA enabled = "1"
     201 OK`,
  ));

test('cce 17.30: in the default namespace all four of them', async () => {
  using admin = await world.admin();
  const lines = await admin.ask('GET 6');
  const keys = lines.slice(0, -1).map((line) => line.split(' ')[2] ?? '');
  expect(keys.slice(0, 3)).toEqual(['CLASS', 'CLASSVER', 'ChorizoStyle']);
  expect(keys.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(keys);
  expect(lines).toEqual(expect.arrayContaining(['102 DATA NAMESPACE = ""', '102 DATA OID = "6"', '102 DATA CLASS = "User"']));
});

const SMALL: readonly [string, string][] = [
  [
    'cce 17.39: every element of a list must fit, and no element does',
    '> CREATE Loose names="&a&b&"\n~ 104 OBJECT \\d+\n201 OK\n> CREATE Loose names="&a&B&"\n302 BAD DATA 0 names "[[test.lower]]"\n401 FAIL\n> CREATE Loose names=""\n~ 104 OBJECT \\d+\n201 OK',
  ],
  [
    'cce 17.40: an optional value may be empty, another may not',
    '> CREATE Loose maybe=""\n~ 104 OBJECT \\d+\n201 OK\n> CREATE Loose count=""\n302 BAD DATA 0 count "[[base-cce.invalidData]]"\n401 FAIL',
  ],
];

test.each(SMALL)('%s', (_, transcript) => play(small.adminSocket, transcript));

test('cce 17.41, 17.44: a new object has the lowest free OID and its defaults; a destroyed one gives its OID back', async () => {
  using admin = await small.admin();
  const [first = ''] = await admin.ask('CREATE Loose count=5');
  const oid = Number(first.replace('104 OBJECT ', ''));
  await playOn(
    admin,
    `> GET ${oid}
     102 DATA CLASS = "Loose"
     102 DATA CLASSVER = "1.0"
     102 DATA NAMESPACE = ""
     102 DATA OID = "${oid}"
     102 DATA count = "5"
     102 DATA maybe = "7"
     102 DATA names = ""
     201 OK
     > GET ${oid}.More
     ...
     102 DATA tag = "plain"
     201 OK
     > CREATE Loose count=6
     104 OBJECT ${oid + 1}
     201 OK
     > DESTROY ${oid}
     201 OK
     > GET ${oid}
     300 UNKNOWN OBJECT ${oid}
     401 FAIL
     > CREATE Loose count=7
     104 OBJECT ${oid}
     201 OK`,
  );
});

test.each([
  ['SORT val1', '4 2 1 5 3'],
  ['SORT val2', '5 3 2 4 1'],
  ['SORTTYPE ascii SORTPROP val1', '4 2 1 5 3'],
  ['SORTNUM val3', '4 3 1 2 5'],
  ['SORTPROP val3 SORTTYPE old_numeric', '4 3 1 2 5'],
  ['sorttype "locale(en_US)" sortprop val1', '5 4 3 2 1'],
])('cce 17.49: FIND Thing %s', async (words, order) => {
  expect(await sorted(words)).toBe(`${order} 201 OK`);
});

test.each([
  ['SORTTYPE ip SORTPROP address', '4 2 1 5 3'],
  ['SORTTYPE hostname SORTPROP host', '4 3 1 5 2'],
])('cce 17.51: FIND Thing %s', async (words, order) => {
  const found = await sorted(words);
  expect(found.split(' ').slice(0, 5).toSorted()).toEqual(['1', '2', '3', '4', '5']);
  expect(found).toBe(`${order} 201 OK`);
});

test('cce 17.53: CLASSES lists at least the 35 of the original', async () => {
  using admin = await world.admin();
  const classes = (await admin.ask('CLASSES')).slice(0, -1).map((line) => line.replace('110 CLASS ', ''));
  expect(classes.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(classes);
  expect(classes).toEqual(expect.arrayContaining(CLASSES));
});

const CLASSES =
  `pam_abl_settings FtpSite Vsite VsiteServices WebApplications EmailAlias CapabilityGroup VirtualHost SOL_Console SWUpdateServer
ProtectedEmailAlias DnsSOA Network PHP Package UserServices MySQL Capabilities User Disk dnsbl DnsSlaveZone Schedule Subdomains ServiceQuota
IPPoolingRange ActiveMonitor Shop WebApplicationsList DnsRecord Workgroup UserExtraServices System mx2 Route`.split(/\s+/);
