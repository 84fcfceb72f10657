import { join } from 'node:path';
import { CscpClient, type WatchedEvent } from '@fairlead/cscp';
import { readWatchFilter } from '@fairlead/cscp/codec';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EventRows } from '../src/store/event-rows.ts';
import { startGateway } from './support/gateway.ts';
import { RawCscp } from './support/raw-cscp.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ extensions: true });
});
afterAll(() => world[Symbol.asyncDispose]());

const filtersOf = (...texts: readonly string[]) => texts.map((text) => readWatchFilter(text) ?? { class: '' });

/** Events of a watcher until one comes, which the test makes last. */
async function eventsUntil(watch: AsyncIterable<WatchedEvent>, last: string): Promise<readonly WatchedEvent[]> {
  const seen: WatchedEvent[] = [];
  for await (const one of watch) {
    seen.push(one);
    if (one.event === last) break;
  }
  return seen;
}

async function openWatch(options: { readonly user?: string; readonly filters?: readonly string[] } = {}) {
  const client = await CscpClient.connect({ socketPath: options.user === undefined ? world.adminSocket : world.socket });
  if (options.user !== undefined) await client.execute({ verb: 'AUTH', user: options.user, password: 'blueonyx' });
  return await client.watch(filtersOf(...(options.filters ?? [])));
}

test('cce 17.133: WATCH tells every change of a transaction behind its number', async () => {
  using watcher = await world.admin();
  watcher.send('WATCH User mx2\n');
  expect(await watcher.linesThrough(/^113/)).toEqual(['113 STATUS WATCHING']);
  using peer = await world.admin();
  await peer.ask('SET 56 description="one"');
  const [made = ''] = await peer.ask('CREATE mx2 domain="a.test" mapto="b.test"');
  const oid = made.replace('104 OBJECT ', '');
  for (const line of ['BEGIN', 'SET 56 . Disk quota="21"', 'SET 58 description="two"', `DESTROY ${oid}`, 'SET 34 dns_auto="0"', 'COMMIT'])
    expect((await peer.ask(line)).at(-1)).toBe('201 OK');
  const told = [...(await watcher.linesThrough(/^101 EVENT 58..description/))];
  expect(told.map((line) => line.replace(/^112 TXN .+/, '112'))).toEqual([
    '112',
    '101 EVENT 56..description',
    '112',
    `101 EVENT ${oid}._CREATE`,
    '112',
    `101 EVENT ${oid}._DESTROY`,
    '101 EVENT 56.Disk.quota',
    '101 EVENT 58..description',
  ]);
  expect(new Set(told.filter((line) => line.startsWith('112'))).size).toBe(3);
  expect(await watcher.ask('WHOAMI')).toEqual(['201 OK']);
  expect(await watcher.reply()).toEqual(['104 OBJECT -1', '201 OK']);
  expect(world.events?.watchers).toBe(0);
});

test('cce 17.133: a watcher hears only of what he may read', async () => {
  await using plain = await openWatch({ user: 'user1' });
  await using admin = await openWatch();
  using peer = await world.admin();
  await peer.ask('SET 58 uiRights="&secret&" description="seen"');
  await peer.ask('SET 58 uiRights="&more&"');
  await peer.ask('SET 58 description="last" fullName="Last"');
  const names = (seen: readonly WatchedEvent[]) => seen.map(({ event }) => event);
  expect(names(await eventsUntil(admin, '58..fullName')).filter((name) => name === '58..uiRights')).toHaveLength(2);
  expect(names(await eventsUntil(plain, '58..fullName'))).not.toContain('58..uiRights');
});

test('a user that loses rights while watching hears less from then on', async () => {
  using peer = await world.admin();
  await peer.ask('SET 56 systemAdministrator="1"');
  await using watch = await openWatch({ user: 'user1', filters: ['User'] });
  await peer.ask('SET 58 uiRights="&x&"');
  const iterator = watch[Symbol.asyncIterator]();
  const first = await iterator.next();
  expect(first.value).toMatchObject({ event: '58..uiRights' });
  await peer.ask('SET 56 systemAdministrator="0"');
  await peer.ask('SET 58 uiRights="&y&"');
  await peer.ask('SET 58 description="for all"');
  const later: string[] = [];
  while (later.at(-1) !== '58..description') later.push((await iterator.next()).value?.event ?? '58..description');
  expect(later).not.toContain('58..uiRights');
});

test.each([
  [['User.Disk'], ['56.Disk.quota']],
  [['User.description'], ['56..description']],
  [
    ['User.Disk.quota', 'User..fullName'],
    ['56.Disk.quota', '56..fullName'],
  ],
  [['mx2', 'User.fullName'], ['56..fullName']],
])('WATCH %j tells %j', async (filters, expected) => {
  await using watch = await openWatch({ filters: [...filters, 'Vsite.dns_auto'] });
  using peer = await world.admin();
  const value = String(Math.trunc(performance.now() * 1000));
  for (const line of [
    `SET 56 . Disk quota="${value.slice(-4).replace(/^0+/, '1')}"`,
    `SET 56 description="${value}"`,
    `SET 56 fullName="F${value}"`,
  ])
    expect((await peer.ask(line)).at(-1)).toBe('201 OK');
  const [found = ''] = (await peer.ask('GET 34')).filter((line) => line.includes(' dns_auto '));
  await peer.ask(`SET 34 dns_auto="${found.endsWith('"1"') ? 0 : 1}"`);
  const seen = (await eventsUntil(watch, '34..dns_auto')).map(({ event }) => event);
  expect(seen).toEqual([...expected, '34..dns_auto']);
});

test.each([
  ['WATCH Foo', ['301 UNKNOWN CLASS Foo', '401 FAIL']],
  ['WATCH User.Foo.x', ['303 UNKNOWN NAMESPACE Foo', '401 FAIL']],
  ['WATCH User.Disk.x', ['302 BAD DATA 0 x "[[base-cce.unknownAttr]]"', '401 FAIL']],
  ['WATCH User.x', ['302 BAD DATA 0 x "[[base-cce.unknownAttr]]"', '401 FAIL']],
  ['WATCH User-x', ['306 ERROR COMMAND PARSE ERROR', '402 BAD COMMAND']],
  ['WATCH User=x', ['403 BAD PARAMETERS']],
  [`WATCH ${'User '.repeat(101)}`, ['403 BAD PARAMETERS']],
  ['WATCH "User\\nBYE"', ['403 BAD PARAMETERS']],
])('%s is refused and the connection goes on', async (line, reply) => {
  using peer = await world.admin();
  expect(await peer.ask(line)).toEqual(reply);
  expect(await peer.ask('WHOAMI')).toEqual(['104 OBJECT -1', '201 OK']);
});

test('inside of a transaction nobody watches', async () => {
  using peer = await world.admin();
  await peer.ask('BEGIN');
  expect(await peer.ask('WATCH')).toEqual(['402 BAD COMMAND']);
});

test('two hundred may watch at a time, and a place is free again when one leaves', async () => {
  const places = Array.from({ length: 200 - (world.events?.watchers ?? 0) }, () => world.events?.watch());
  using peer = await world.admin();
  expect(await peer.ask('WATCH')).toEqual(['306 ERROR TOO MANY WATCHERS', '401 FAIL']);
  places.pop()?.[Symbol.dispose]();
  peer.send('WATCH\n');
  await peer.linesThrough(/^113/);
  for (const place of places) place?.[Symbol.dispose]();
  peer[Symbol.dispose]();
  await until(() => world.events?.watchers === 0, { what: 'the watcher that has gone' });
});

test('who is so slow that events are forgotten is told so', async () => {
  await using own = await openWorld({ extensions: true });
  using peer = await own.admin();
  peer.send('WATCH\n');
  await peer.linesThrough(/^113/);
  const row = { txn: 't', oid: '56', class: 'User', namespace: '', property: 'description', kind: 'modify', at_ms: 0 };
  await new EventRows(own.store).add(Array.from({ length: 10_001 }, () => row));
  const lines = await peer.reply();
  // Whether it looked while they were added or after that: it never goes on behind a gap.
  expect(lines.slice(-2)).toEqual(['306 ERROR EVENTS LOST', '401 FAIL']);
});

test('VERSION and SCHEMA tell what the JSON API tells', async () => {
  using peer = await world.admin();
  expect(await peer.ask('VERSION')).toEqual([
    '102 DATA version = "0.1.0"',
    '102 DATA cscp = "0.99"',
    expect.stringMatching(/^102 DATA schema = "[0-9a-f]{12}"$/),
    '201 OK',
  ]);
  expect(await peer.ask('SCHEMA')).toEqual(expect.arrayContaining(['102 DATA User = "1.0"', '102 DATA User.Email = "1.1"', '201 OK']));
  const user = await peer.ask('SCHEMA User');
  expect(user).toEqual(
    expect.arrayContaining([
      '105 NAMESPACE Email',
      '102 DATA properties.systemAdministrator.type = "boolean"',
      '102 DATA properties.capabilities.array = "1"',
      '102 DATA handlers.0.type = "native"',
    ]),
  );
  expect(await peer.ask('SCHEMA User Disk')).toEqual(expect.arrayContaining(['102 DATA namespace = "Disk"', '201 OK']));
  expect(await peer.ask('SCHEMA Foo')).toEqual(['301 UNKNOWN CLASS Foo', '401 FAIL']);
  expect(await peer.ask('SCHEMA User Foo')).toEqual(['303 UNKNOWN NAMESPACE Foo', '401 FAIL']);
  expect(await peer.ask('SCHEMA User Disk x')).toEqual(['403 BAD PARAMETERS']);
  const help = await peer.ask('HELP');
  expect(help.filter((line) => /^(VERSION|SCHEMA|WATCH) /.test(line))).toHaveLength(3);
});

test('cce 17.133: the sockets of a gateway tell what was written over the JSON API, when extensions are on', async () => {
  await using folder = await tempDir('wg-');
  const serve = `serve_socket = ${folder.path}/s\nadmin_socket = ${folder.path}/a/s`;
  for (const isOn of [false, true]) {
    await using gateway = await startGateway({ keys: `${serve}\nextensions = ${isOn}` });
    using peer = await RawCscp.open(join(folder.path, 'a/s'));
    if (!isOn) {
      expect(await peer.ask('WATCH')).toEqual(['402 BAD COMMAND']);
      continue;
    }
    peer.send('WATCH User.description\n');
    await peer.linesThrough(/^113/);
    expect((await gateway.post({ cmd: 'SET 56 description="json"', user: 'admin', password: 'blueonyx' })).http).toBe(200);
    expect(await peer.linesThrough(/^101/)).toEqual([expect.stringMatching(/^112 TXN /), '101 EVENT 56..description']);
  }
});
