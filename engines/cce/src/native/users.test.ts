import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Caller, type ShippedEngine, shippedEngine } from '../../test/support/shipped-engine.ts';
import { verifyCrypt } from '../crypt/index.ts';
import { demoFixture } from '../fixtures/index.ts';

let world: ShippedEngine;
let admin: Caller;

beforeEach(async () => {
  world = await shippedEngine(await demoFixture(), { keptUsers: ['api-admin'] });
  admin = await world.as('admin');
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

async function fits(oid: string, password: string): Promise<boolean> {
  return verifyCrypt((await admin.value(oid, 'crypt_password')) ?? '', password);
}

test.each(['root', 'mail', 'admin', 'user1'])('the name %s is taken', async (name) => {
  expect(await admin.refusal(`CREATE User name="${name}"`)).toEqual([`0 name [[base-user.userNameAlreadyTaken,name='${name}']]`]);
  expect(await admin.refusal(`SET 58 name="${name}"`)).toEqual([`58 name [[base-user.userNameAlreadyTaken,name='${name}']]`]);
});

test('of two users with one name that are made at once, one is refused', async () => {
  const callers = await Promise.all(['admin', 'admin'].map((name) => world.as(name)));
  const refusals = await Promise.all(callers.map((caller) => caller.refusal('CREATE User name="twin"')));

  expect(refusals.filter((lines) => lines.length === 0)).toHaveLength(1);
  expect(await admin.oids('FIND User name="twin"')).toHaveLength(1);
});

test('a password becomes its hash and is forgotten', async () => {
  const oid = await admin.oid('CREATE User name="jane" password="a good password"');
  expect(await admin.get(oid)).toMatchObject({ password: '', md5_password: '*' });
  expect(await fits(oid, 'a good password')).toBe(true);
  await admin.run(`SET ${oid} password="a better password"`);

  expect(await admin.value(oid, 'password')).toBe('');
  expect(await fits(oid, 'a better password')).toBe(true);
});

test('the password is in no commit that others are told of', async () => {
  const told: string[] = [];
  world.engine.onCommit((commit) => {
    for (const { values } of commit.changes) for (const properties of values.values()) told.push(...properties.values());
  });
  await admin.run('CREATE User name="jane" password="a good password"');
  await admin.run('SET 56 password="a better password"');

  expect(told.length).toBeGreaterThan(0);
  expect(told.filter((value) => value.includes('password'))).toEqual([]);
});

test('a password outside of the rule is refused', async () => {
  for (const password of ['short', 'x'.repeat(129), 'with\\"quote', 'with\\001control'])
    expect(await admin.refusal(`SET 56 password="${password}"`)).toEqual(['56 password [[base-cce.invalidData]]']);
  expect(await admin.refusal(`SET 56 password="${'é'.repeat(128)}"`)).toEqual([]);
});

test('the legacy hash is there when it is asked for', async () => {
  await using old = await shippedEngine(await demoFixture(), { legacyMd5: true });
  await using flag = await old.as();
  await flag.run('SET 56 password="a good password"');

  expect(await flag.value('56', 'md5_password')).toMatch(/^\$1\$.{8}\$.{22}$/);
});

test('cce 17.64: hashes are shown to the user and to who administers the user, to nobody else', async () => {
  await using user = await world.as('user1');
  await using siteAdmin = await world.as('siteadmin1');

  expect(await user.value('56', 'crypt_password')).toMatch(/^\$6\$/);
  expect(await siteAdmin.value('56', 'crypt_password')).toMatch(/^\$6\$/);
  for (const oid of ['6', '58', '60']) {
    for (const key of ['password', 'crypt_password', 'md5_password']) expect(await user.get(oid)).not.toHaveProperty(key);
  }
});

test('capLevels give what the groups contain, however deep', async () => {
  await admin.run('SET 56 capLevels="&siteAdmin&"');
  expect(await admin.value('56', 'capabilities')).toBe('&siteAdmin&');
  await admin.run('SET 56 capLevels="&serverManage&"');
  const capabilities = await admin.value('56', 'capabilities');
  for (const name of ['serverManage', 'menuServerSecurity', 'serverSSL', 'serverStatsServerFTP'])
    expect(capabilities).toContain(`&${name}&`);
  await admin.run('SET 56 capLevels=""');
  expect(await admin.value('56', 'capabilities')).toBe('');
});

test('groups that contain each other do not expand without end', async () => {
  await admin.run('CREATE CapabilityGroup name="one" capabilities="&two&"');
  await admin.run('CREATE CapabilityGroup name="two" capabilities="&one&siteDNS&"');
  const oid = await admin.oid('CREATE User name="jane" capLevels="&one&"');

  expect(await admin.value(oid, 'capabilities')).toBe('&one&two&siteDNS&');
});

test('admin, the kept users and the caller cannot be destroyed', async () => {
  await admin.run('CREATE User name="boss" capLevels="&adminUser&"');
  const boss = await admin.oid('FIND User name="boss"');
  await using caller = await world.as('boss');
  await using flag = await world.as();

  expect(await flag.refusal('DESTROY 6')).toEqual(["6 name [[base-user.cannotDestroyUser,name='admin']]"]);
  expect(await admin.refusal('DESTROY 60')).toEqual(["60 name [[base-user.cannotDestroyUser,name='api-admin']]"]);
  expect(await caller.refusal(`DESTROY ${boss}`)).toEqual([`${boss} name [[base-user.cannotDestroyYourself]]`]);
  expect(await admin.refusal(`DESTROY ${boss}`)).toEqual([]);
});

test('a site whose end would take the caller along stays, and says why', async () => {
  await admin.run('SET 58 capLevels="&adminUser&"');
  await using caller = await world.as('siteadmin1');

  expect(await caller.refusal('DESTROY 34')).toEqual(['34 name [[base-user.cannotDestroyYourself]]']);
  expect(await admin.oids('FIND User site="site1"')).toEqual(['56', '58']);
});

test('the aliases of a user are objects that follow the user', async () => {
  await admin.run('SET 56 . Email aliases="&info&sales&"');
  const info = await admin.oid('FIND EmailAlias alias="info"');
  expect(await admin.get(info)).toMatchObject({ fqdn: 't1.smd.net', action: 'user1', site: 'site1' });
  await admin.run('SET 56 . Email aliases="&info&help&"');
  expect(await admin.oid('FIND EmailAlias alias="info"')).toBe(info);
  expect(await admin.oids('FIND EmailAlias alias="sales"')).toEqual([]);
  await admin.run('SET 56 name="first"');
  expect(await admin.oids('FIND EmailAlias action="first"')).toHaveLength(2);
  await admin.run('DESTROY 56');

  expect(await admin.oids('FIND EmailAlias')).toEqual([]);
});

test("an alias is nobody else's", async () => {
  await admin.run('SET 56 . Email aliases="&info&"');

  for (const alias of ['info', 'user1']) {
    expect(await admin.refusal(`SET 58 . Email aliases="&mine&${alias}&"`)).toEqual([
      `58 aliases [[base-email.aliasAlreadyTaken,alias='${alias}']]`,
    ]);
  }
  const other = await admin.oid('CREATE User name="elsewhere"');
  expect(await admin.refusal(`SET ${other} . Email aliases="&info&"`)).toEqual([]);
});

test.each([
  ['a site', ['56', '58']],
  ['no site', ['6', '60']],
])('of two users of %s who take one alias at once, one is refused', async (_name, users) => {
  const callers = await Promise.all(users.map(() => world.as()));
  const refusals = await Promise.all(callers.map((caller, at) => caller.refusal(`SET ${users[at]} . Email aliases="&info&"`)));

  expect(refusals.filter((refusal) => refusal.length === 0)).toHaveLength(1);
  expect(refusals.flat()).toEqual([expect.stringContaining("aliases [[base-email.aliasAlreadyTaken,alias='info']]")]);
  expect(await admin.oids('FIND EmailAlias alias="info"')).toHaveLength(1);
});

test('who comes to a site with an alias that somebody has there is refused', async () => {
  await admin.run('SET 56 . Email aliases="&info&"');
  const other = await admin.oid('CREATE User name="other"');
  await admin.run(`SET ${other} . Email aliases="&info&"`);

  expect(await admin.refusal(`SET ${other} site="site1"`)).toEqual([`${other} aliases [[base-email.aliasAlreadyTaken,alias='info']]`]);
});

test('cce 17.56, 17.59: the administrator of a site administers its users, and nobody beyond', async () => {
  await using siteAdmin = await world.as('siteadmin1');
  const made = await siteAdmin.oid('CREATE User name="jane" site="site1" capLevels="&siteAdmin&"');
  await siteAdmin.run(`SET ${made} fullName="Jane"`);

  expect(await siteAdmin.refusal('CREATE User name="joe" site="site2"')).toEqual(['{"code":304,"what":"CREATE"}']);
  expect(await siteAdmin.refusal('SET 6 fullName="x"')).toEqual(['{"code":304,"what":"fullName"}']);
  expect(await siteAdmin.refusal('DESTROY 6')).toEqual(['{"code":304,"what":"DESTROY"}']);
});

test('nobody gives a capability or a site that he does not have', async () => {
  await using siteAdmin = await world.as('siteadmin1');

  for (const oid of ['56', '58']) {
    expect(await siteAdmin.refusal(`SET ${oid} capLevels="&adminUser&"`)).toEqual([
      `${oid} capLevels [[base-user.capabilityNotHeld,capability='adminUser']]`,
    ]);
    expect(await siteAdmin.refusal(`SET ${oid} capabilities="&siteAdmin&serverDNS&"`)).toEqual([
      `${oid} capabilities [[base-user.capabilityNotHeld,capability='serverDNS']]`,
    ]);
    expect(await siteAdmin.refusal(`SET ${oid} site="site2"`)).toEqual([`${oid} site [[base-user.siteNotYours,site='site2']]`]);
  }
  expect(await siteAdmin.refusal('CREATE User name="jane" site="site1" capLevels="&admin&"')).toEqual([
    "0 capLevels [[base-user.capabilityNotHeld,capability='admin']]",
  ]);
  expect(await siteAdmin.refusal('SET 56 systemAdministrator="1"')).toEqual(['{"code":304,"what":"systemAdministrator"}']);
});

test('what somebody higher gave may stay', async () => {
  await admin.run('SET 56 capLevels="&siteDNS&"');
  await using siteAdmin = await world.as('siteadmin1');

  expect(await siteAdmin.refusal('SET 56 capLevels="&siteDNS&siteAdmin&"')).toEqual([]);
  expect(await admin.value('56', 'capabilities')).toBe('&siteDNS&siteAdmin&');
});
