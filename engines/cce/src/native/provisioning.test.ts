import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Caller, newSite, type ShippedEngine, shippedEngine } from '../../test/support/shipped-engine.ts';
import { DEMO_PASSWORD, demoFixture } from '../fixtures/index.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';

let world: ShippedEngine;
let admin: Caller;

beforeEach(async () => {
  world = await shippedEngine(await demoFixture());
  admin = await world.as('admin');
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

test('the workflow of the provisioning clients: a site, its settings, users, suspension, the end', async () => {
  expect(await admin.oids('FIND Vsite fqdn="www.example.com"')).toEqual([]);
  const oid = await admin.oid(
    newSite('www.example.com', 'ipaddrIPv6="" prefix="" webAliases="&example.com&" mailAliases="&example.com&" dns_auto="1"'),
  );
  const site = await admin.get(oid);
  expect(site).toMatchObject({ name: 'site2', basedir: '/home/.sites/site2', createdUser: 'admin' });

  const host = await admin.get(await admin.oid('FIND VirtualHost name="site2"'));
  expect(host).toMatchObject({
    fqdn: 'www.example.com',
    ipaddr: '192.0.2.7',
    documentRoot: '/home/.sites/site2/web',
    webAliases: '&example.com&',
  });
  expect(await admin.oids('FIND UserServices site="site2"')).toHaveLength(1);

  await admin.run(`SET ${oid} . Disk "quota" = "500"`);
  await admin.run(`SET ${oid} . PHP enabled="1" version="PHP83"`);
  for (const namespace of ['CGI', 'SSI', 'FTPNONADMIN']) await admin.run(`SET ${oid} . ${namespace} enabled="1"`);
  await admin.run(`SET ${oid} . Shell enabled="3"`);
  await admin.run(`SET ${oid} . subdomains vsite_enabled="1" max_subdomains="5"`);
  await admin.run(`SET ${oid} . MYSQL_Vsite enabled="1" username="vsite_1" pass="s3cret" DB="vsite_1_db"`);
  await admin.run(`SET ${oid} . PHPVsite memory_limit="256M" upload_max_filesize="64M" post_max_size="64M" max_execution_time="60"`);
  await admin.run(`SET ${oid} . SSL uses_letsencrypt="1" LEemail="info@example.com"`);

  const user = await admin.oid(
    'CREATE User name="jane" fullName="Jane Doe" password="a good password" site="site2" capLevels="&siteAdmin&" enabled="1" emailDisabled="0"',
  );
  await admin.run(`SET ${user} . Disk quota="100"`);
  await admin.run(`SET ${user} . Shell enabled="1"`);
  await admin.run(`SET ${user} . Email aliases="&info&sales&"`);
  expect(await admin.oids('FIND EmailAlias site="site2" action="jane"')).toHaveLength(2);
  expect(await world.engine.login('jane', 'a good password')).toBeDefined();

  await admin.run(`SET ${oid} suspend="1"`);
  expect(await world.engine.login('jane', 'a good password')).toBeUndefined();
  await admin.run(`SET ${oid} suspend="0"`);
  expect(await world.engine.login('jane', 'a good password')).toBeDefined();

  for (const found of await admin.oids('FIND User site="site2"')) await admin.run(`DESTROY ${found}`);
  await admin.run(`DESTROY ${oid}`);
  for (const search of ['Vsite name', 'User site', 'VirtualHost name', 'UserServices site', 'EmailAlias site']) {
    expect(await admin.oids(`FIND ${search}="site2"`)).toEqual([]);
  }
  expect(world.troubles).toEqual([]);
});

test('a site takes all that belongs to it along, and nothing else', async () => {
  const oid = await admin.oid(newSite('www.example.com'));
  await admin.run('CREATE User name="joe" site="site2"');
  await admin.run('CREATE Subdomains hostname="blog" site="site2" webpath="/web/blog"');
  await admin.run('CREATE Subdomains hostname="blog" site="site1" webpath="/web/blog"');
  await admin.run(`DESTROY ${oid}`);

  expect(await admin.oids('FIND User')).toEqual(['6', '56', '58', '60']);
  expect(await admin.oids('FIND Subdomains site="site2"')).toEqual([]);
  expect(await admin.oids('FIND Subdomains')).toHaveLength(1);
  expect(await admin.oids('FIND VirtualHost')).toEqual(['35']);
});

test('names are the lowest that are free, whatever the client says', async () => {
  const [two = '', three = ''] = [
    await admin.oid(newSite('a.example.com', 'name="mine" basedir="/etc"')),
    await admin.oid(newSite('b.example.com')),
  ];
  expect(await admin.get(two)).toMatchObject({ name: 'site2', basedir: '/home/.sites/site2' });
  expect(await admin.get(three)).toMatchObject({ name: 'site3' });
  await admin.run(`DESTROY ${two}`);

  expect(await admin.get(await admin.oid(newSite('c.example.com')))).toMatchObject({ name: 'site2' });
});

test('sites that are made at once get different names', async () => {
  const callers = await Promise.all(['admin', 'admin', 'admin'].map((name) => world.as(name)));
  const oids = await Promise.all(callers.map((caller, index) => caller.oid(newSite(`h${index}.example.com`))));
  const names = await Promise.all(oids.map(async (oid) => await admin.value(oid, 'name')));

  expect(names.sort()).toEqual(['site2', 'site3', 'site4']);
});

test('of two sites with one name that are made at once, one is refused', async () => {
  const callers = await Promise.all(['admin', 'admin'].map((name) => world.as(name)));
  const refusals = await Promise.all(callers.map((caller) => caller.refusal(newSite('www.example.com'))));

  expect(refusals.filter((lines) => lines.length === 0)).toHaveLength(1);
  expect(refusals.flat()).toEqual(["0 fqdn [[base-vsite.fqdnInUse,fqdn='www.example.com']]"]);
});

test('two gateways on one store give no name twice', async () => {
  const storage = new MemoryStorage();
  await using one = await shippedEngine(await demoFixture(), { storage });
  await using other = await shippedEngine([], { storage });
  const callers = await Promise.all([one.as('admin'), other.as('admin')]);
  const names = ['User name="twin"', newSite('www.example.com').slice('CREATE '.length)];
  for (const what of names) {
    const refusals = await Promise.all(callers.map((caller) => caller.refusal(`CREATE ${what}`)));
    expect(refusals.filter((lines) => lines.length === 0)).toHaveLength(1);
  }
  await Promise.all(callers.map((caller, index) => caller.ask(newSite(`h${index}.example.com`))));
  const [caller] = callers;
  const sites = (await caller?.oids('FIND Vsite')) ?? [];
  const given = await Promise.all(sites.map((oid) => caller?.value(oid, 'name')));

  expect(new Set(given).size).toBe(given.length);
  expect(await caller?.oids('FIND User name="twin"')).toHaveLength(1);
});

test('sites of one transaction get different names, and can change theirs with each other', async () => {
  await admin.run('BEGIN');
  for (const label of ['a', 'b']) await admin.run(newSite(`${label}.example.com`));
  await admin.run('COMMIT');
  const [, a = '', b = ''] = await admin.oids('FIND Vsite');
  expect(await admin.value(a, 'name')).toBe('site2');
  expect(await admin.value(b, 'name')).toBe('site3');

  await admin.run('BEGIN');
  await admin.run(`SET ${a} fqdn="b.example.com"`);
  await admin.run(`SET ${b} fqdn="a.example.com"`);
  await admin.run('COMMIT');
  expect(await admin.oids('FIND Vsite fqdn="a.example.com"')).toEqual([b]);
  expect(await admin.oids('FIND VirtualHost fqdn="a.example.com" name="site3"')).toHaveLength(1);
});

test('a site can be replaced by one of the same name in one transaction', async () => {
  await admin.run('BEGIN');
  await admin.run('DESTROY 34');
  await admin.run(newSite('t1.smd.net'));

  expect(await admin.refusal('COMMIT')).toEqual([]);
  expect(await admin.value(await admin.oid('FIND Vsite fqdn="t1.smd.net"'), 'name')).toBe('site2');
  expect(await admin.oids('FIND VirtualHost name="site2"')).toHaveLength(1);
  expect(await admin.oids('FIND UserServices site="site2"')).toHaveLength(1);
  expect(await admin.oids('FIND User site="site1"')).toEqual([]);
  expect(await admin.oids('FIND VirtualHost name="site1"')).toEqual([]);
});

test('a site without a fqdn takes it from its parts', async () => {
  const oid = await admin.oid('CREATE Vsite hostname="www" domain="example.com" ipaddr="192.0.2.7"');

  expect(await admin.value(oid, 'fqdn')).toBe('www.example.com');
});

test('the creator is the caller unless another one is named', async () => {
  await admin.run('CREATE User name="reseller1" capLevels="&adminUser&"');
  await using reseller = await world.as('reseller1');

  expect(await admin.value(await reseller.oid(newSite('a.example.com')), 'createdUser')).toBe('reseller1');
  expect(await admin.value(await reseller.oid(newSite('b.example.com', 'createdUser="other"')), 'createdUser')).toBe('other');
  await using flag = await world.as();
  expect(await admin.value(await flag.oid(newSite('c.example.com')), 'createdUser')).toBe('admin');
});

test('a site that is renamed takes its VirtualHost and mail aliases along', async () => {
  await admin.run('SET 56 . Email aliases="&info&"');
  await admin.run('SET 34 fqdn="t2.smd.net" ipaddr="192.0.2.9" webAliases="&smd.net&"');

  expect(await admin.get('35')).toMatchObject({ fqdn: 't2.smd.net', ipaddr: '192.0.2.9', webAliases: '&smd.net&' });
  expect(await admin.value(await admin.oid('FIND EmailAlias alias="info"'), 'fqdn')).toBe('t2.smd.net');
});

test('suspension switches on again only whom it switched off', async () => {
  await admin.run('SET 56 enabled="0"');
  await admin.run('SET 34 suspend="1"');
  const late = await admin.oid('CREATE User name="late" site="site1"');
  for (const oid of ['56', '58', late]) expect(await admin.value(oid, 'enabled')).toBe('0');
  await admin.run('SET 34 suspend="0"');

  expect(await admin.value('56', 'enabled')).toBe('0');
  for (const oid of ['58', late]) expect(await admin.value(oid, 'enabled')).toBe('1');
  expect(await admin.value('34', 'suspendedUsers')).toBe('');
});

test('with the schema of a real server, which remembers nothing, all users are switched on again', async () => {
  await using foreign = await shippedEngine(await demoFixture(), { edit: (text) => text.replace(/.*name="suspendedUsers".*/, '') });
  await using caller = await foreign.as('admin');
  expect(await caller.get('34')).not.toHaveProperty('suspendedUsers');
  await caller.run('SET 34 suspend="1"');
  for (const oid of ['56', '58']) expect(await caller.value(oid, 'enabled')).toBe('0');
  await caller.run('SET 34 suspend="0"');

  for (const oid of ['56', '58']) expect(await caller.value(oid, 'enabled')).toBe('1');
});

test('sessions of the users of a site end with its suspension and with the site', async () => {
  const session = (await world.engine.login('user1', DEMO_PASSWORD)) ?? '';
  expect(await world.engine.verifySession('user1', session)).toBe(true);
  await admin.run('SET 34 suspend="1"');
  expect(await world.engine.verifySession('user1', session)).toBe(false);
  await admin.run('SET 34 suspend="0"');
  const next = (await world.engine.login('user1', DEMO_PASSWORD)) ?? '';
  await admin.run('DESTROY 34');

  expect(await world.engine.verifySession('user1', next)).toBe(false);
});

test('who was switched off by the suspension is known to administrators of the server only', async () => {
  await admin.run('SET 34 suspend="1"');
  await admin.run('SET 58 enabled="1"');
  await using siteAdmin = await world.as('siteadmin1');

  expect(await siteAdmin.get('34')).not.toHaveProperty('suspendedUsers');
});

test('the use of disks is a number of its own that stays the same, within the quota', async () => {
  await admin.run('SET 34 . Disk refresh="1"');
  const first = await admin.value('34', 'used', 'Disk');
  await admin.run('SET 34 . Disk refresh="2"');
  await admin.run('SET 56 . Disk refresh="1"');

  expect(await admin.value('34', 'used', 'Disk')).toBe(first);
  expect(Number(first)).toBeLessThan(500);
  expect(Number(await admin.value('56', 'used', 'Disk'))).toBeLessThan(20);
});
