import { afterAll, beforeAll, expect, test } from 'vitest';
import { playOn } from './support/transcript.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

async function asAdmin(transcript: string): Promise<void> {
  using peer = await world.admin();
  await playOn(peer, transcript);
}

test('cce 17.1, 17.27: a command in small letters works, and nobody is object -1', () =>
  asAdmin(`
    > whoami
    104 OBJECT -1
    201 OK
  `));

test('cce 17.2: a blank line gives no reply', async () => {
  using peer = await world.admin();
  peer.send('\n  \t\r\n,,\n');
  await playOn(peer, '> WHOAMI\n104 OBJECT -1\n201 OK');
});

test('cce 17.3: white space around the dot does not matter', async () => {
  using peer = await world.admin();
  expect(await peer.ask('GET 1.Snmp')).toEqual(await peer.ask('GET 1 . Snmp'));
});
