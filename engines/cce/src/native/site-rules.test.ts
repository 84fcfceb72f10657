import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Caller, newSite, type ShippedEngine, shippedEngine } from '../../test/support/shipped-engine.ts';
import { demoFixture } from '../fixtures/index.ts';

let world: ShippedEngine;
let admin: Caller;

beforeEach(async () => {
  world = await shippedEngine(await demoFixture());
  admin = await world.as('admin');
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

test.each([
  ['a name that another site has', newSite('t1.smd.net'), ["0 fqdn [[base-vsite.fqdnInUse,fqdn='t1.smd.net']]"]],
  ['the name of the server', newSite('www.example.test'), ['0 fqdn [[base-vsite.systemFqdnNotAllowed]]']],
  [
    'localhost',
    'CREATE Vsite hostname="localhost" domain="example.com" fqdn="localhost.example.com"',
    ['0 fqdn [[base-vsite.localhostNotAllowed]]'],
  ],
  ['localhost with its domain', newSite('localhost.localdomain'), ['0 fqdn [[base-vsite.localhostNotAllowed]]']],
  ['a name that is too long', newSite(`www.${'a'.repeat(250)}.com`), ['0 fqdn [[base-vsite.fqdnTooLong]]']],
  ['a prefix that is too long', newSite('www.example.com', 'prefix="abcdef"'), ['0 prefix [[base-vsite.prefixTooLong]]']],
  [
    'a web alias that is the name of another',
    newSite('www.example.com', 'webAliases="&t1.smd.net&"'),
    ['0 webAliases [[base-vsite.usedWebAliases]]'],
  ],
  [
    'a mail alias that is the name of another',
    newSite('www.example.com', 'mailAliases="&t1.smd.net&"'),
    ['0 mailAliases [[base-vsite.usedMailAliases]]'],
  ],
])('a site cannot have %s', async (_, command, expected) => {
  expect(await admin.refusal(command)).toEqual(expected);
  expect(await admin.oids('FIND Vsite')).toEqual(['34']);
  expect(await admin.oids('FIND VirtualHost')).toEqual(['35']);
});

test('a name of 255 characters and a prefix of 5 are allowed', async () => {
  const fqdn = `www.${'a'.repeat(247)}.com`;

  expect(fqdn).toHaveLength(255);
  expect(await admin.refusal(newSite(fqdn, 'prefix="abcde"'))).toEqual([]);
});

test('an alias of one site is no alias, and no name, of another', async () => {
  await admin.run('SET 34 webAliases="&alias.example.com&" mailAliases="&mail.example.com&"');
  const other = await admin.oid(newSite('www.example.com'));

  expect(await admin.refusal(`SET ${other} webAliases="&x.example.com&alias.example.com&"`)).toEqual([
    `${other} webAliases [[base-vsite.usedWebAliases]]`,
  ]);
  expect(await admin.refusal(`SET ${other} mailAliases="&mail.example.com&"`)).toEqual([
    `${other} mailAliases [[base-vsite.usedMailAliases]]`,
  ]);
  expect(await admin.refusal(newSite('alias.example.com'))).toEqual(["0 fqdn [[base-vsite.fqdnInUse,fqdn='alias.example.com']]"]);
  expect(await admin.refusal('SET 34 webAliases="&alias.example.com&t1.smd.net&"')).toEqual([]);
});

test('a name cannot be changed to that of another site either', async () => {
  const other = await admin.oid(newSite('www.example.com'));

  expect(await admin.refusal(`SET ${other} fqdn="t1.smd.net"`)).toEqual([`${other} fqdn [[base-vsite.fqdnInUse,fqdn='t1.smd.net']]`]);
  expect(await admin.value(other, 'fqdn')).toBe('www.example.com');
});

test('the server keeps to its number of sites', async () => {
  await admin.run('SET 1 . Vsite maxVsite="2"');
  await admin.run(newSite('a.example.com'));

  expect(await admin.refusal(newSite('b.example.com'))).toEqual(["0 fqdn [[base-vsite.siteLimitReached,max='2']]"]);
});

test('a site keeps to its number of users', async () => {
  expect(await admin.refusal('SET 34 maxusers="1"')).toEqual(["34 maxusers [[base-vsite.overUserLimit,site='site1',max='1']]"]);
  await admin.run('SET 34 maxusers="2"');
  expect(await admin.refusal('CREATE User name="third" site="site1"')).toEqual([
    "0 site [[base-vsite.overUserLimit,site='site1',max='2']]",
  ]);
  const stranger = await admin.oid('CREATE User name="stranger"');
  expect(await admin.refusal(`SET ${stranger} site="site1"`)).toEqual([
    `${stranger} site [[base-vsite.overUserLimit,site='site1',max='2']]`,
  ]);
});
