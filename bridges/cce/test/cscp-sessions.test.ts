import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';

import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCscpServer } from '../src/socket/index.ts';
import { HandClock } from './support/hand-clock.ts';
import { RawCscp } from './support/raw-cscp.ts';
import { play, playOn } from './support/transcript.ts';
import { openWorld, type World } from './support/world.ts';

const HOUR_MS = 3_600_000;
const clock = new HandClock();

let world: World;
beforeAll(async () => {
  world = await openWorld({ clock });
});
afterAll(() => world[Symbol.asyncDispose]());

async function newKey(): Promise<string> {
  using peer = await world.login();
  const [line = ''] = await peer.ask('AUTH "admin" "blueonyx"');
  return line.replace('109 SESSIONID ', '');
}

test('cce 17.17: the greeting is header and READY', async () => {
  using peer = await RawCscp.open(world.socket, { greeting: false });
  expect(await peer.linesThrough(/^200/)).toEqual(['100 CSCP/0.99', '200 READY']);
});

test.each<[string, string]>([
  [
    'cce 17.18: AUTH answers a session of 63 letters and digits',
    '> AUTH "admin" "blueonyx"\n~ 109 SESSIONID [A-Za-z0-9]{63}\n201 OK\n> WHOAMI\n104 OBJECT 6\n201 OK',
  ],
  [
    'cce 17.19: a wrong password fails, and the connection is anonymous',
    '> AUTH admin blueonyx\n...\n201 OK\n> AUTH "admin" "wrong"\n401 FAIL\n> WHOAMI\n104 OBJECT -1\n201 OK',
  ],
  ['cce 17.19: an unknown user fails', '> AUTH "nobody-here" "wrong"\n401 FAIL'],
  [
    'cce 17.21: an empty user becomes anonymous with a session of zeros',
    '> AUTH "" ""\n~ 109 SESSIONID 0{63}\n201 OK\n> WHOAMI\n104 OBJECT -1\n201 OK',
  ],
  [
    'cce 17.28: BYE with another word is refused, and the connection stays',
    '> BYE FOO\n403 BAD PARAMETERS\n> WHOAMI\n104 OBJECT -1\n201 OK',
  ],
  ['cce 1.8: a session id that is none fails', `> AUTHKEY admin short\n401 FAIL\n> AUTHKEY admin ${'0'.repeat(63)}\n401 FAIL`],
])('%s', (_, transcript) => play(world.socket, transcript));

test('cce 17.20: a disabled user cannot log in', async () => {
  using admin = await world.admin();
  await playOn(admin, '> SET 58 enabled=0\n201 OK');
  const name = (await admin.ask('GET 58')).find((line) => line.startsWith('102 DATA name'))?.split('"')[1] ?? '';
  await play(world.socket, `> AUTH "${name}" "blueonyx"\n401 FAIL`);
  await playOn(admin, '> SET 58 enabled=1\n201 OK');
  await play(world.socket, `> AUTH "${name}" "blueonyx"\n...\n201 OK`);
});

test('cce 17.22, 17.23: AUTHKEY takes a session without a 109, of its own user only', async () => {
  const key = await newKey();
  await play(world.socket, `> AUTHKEY admin ${key}\n201 OK\n> WHOAMI\n104 OBJECT 6\n201 OK`);
  await play(world.socket, `> AUTHKEY "api-admin" ${key}\n401 FAIL\n> WHOAMI\n104 OBJECT -1\n201 OK`);
});

test('cce 17.24, 17.25: a session ends after an hour without use; AUTHKEY and BYE move that on', async () => {
  const key = await newKey();
  clock.advance(0.9 * HOUR_MS);
  await play(world.socket, `> AUTHKEY admin ${key}\n201 OK`);
  using peer = await world.login();
  await playOn(peer, `> AUTHKEY admin ${key}\n201 OK`);
  clock.advance(0.9 * HOUR_MS);
  await playOn(peer, '> BYE\n202 GOODBYE');
  clock.advance(0.9 * HOUR_MS);
  await play(world.socket, `> AUTHKEY admin ${key}\n201 OK`);
  clock.advance(1.1 * HOUR_MS);
  await play(world.socket, `> AUTHKEY admin ${key}\n401 FAIL`);
});

test('cce 17.26: ENDKEY ends the session and leaves the connection what it is; without a session it is fine too', async () => {
  const key = await newKey();
  await play(world.socket, `> ENDKEY\n201 OK\n> AUTHKEY admin ${key}\n201 OK\n> ENDKEY\n201 OK\n> WHOAMI\n104 OBJECT 6\n201 OK`);
  await play(world.socket, `> AUTHKEY admin ${key}\n401 FAIL`);
});

test('cce 17.28: BYE is answered with GOODBYE and an empty line, then the end', async () => {
  using peer = await world.login();
  peer.send('BYE\n');
  expect(await peer.rest()).toBe('202 GOODBYE\n\n');
});

test('cce 17.29: the admin socket has all rights until an AUTH that fails; the other one never has', async () => {
  await play(world.socket, '> SET 1 productName=x\n304 PERMISSION DENIED productName\n401 FAIL\n> ADMIN SUSPEND\n401 FAIL');
  using admin = await world.admin();
  await playOn(
    admin,
    `> SET 1 productBuild=x
     201 OK
     > AUTH admin wrong
     401 FAIL
     > SET 1 productBuild=y
     304 PERMISSION DENIED productBuild
     401 FAIL`,
  );
});

test('cce 1.1: the admin socket is a file that only its user can open, in a folder that only he can enter', async () => {
  expect((await stat(world.adminSocket)).mode & 0o777).toBe(0o600);
  expect((await stat(join(world.folder.path, 'admin'))).mode & 0o777).toBe(0o700);
  expect((await stat(world.socket)).mode & 0o777).toBe(0o666);
});

test('cce 1.1: beyond the most connections a plain message is said, and a place that came free is given again', async () => {
  await using small = await openWorld({ clock, server: { connectionLimit: 2 } });
  using first = await small.login();
  using second = await small.login();
  using third = await RawCscp.open(small.socket, { greeting: false });
  expect(await third.rest()).toBe('Maximum number of connections reached\ndisconnecting...\n');
  first.send('BYE\n');
  await first.rest();
  await expect.poll(async () => (await small.login().catch(() => undefined))?.ask('WHOAMI')).toEqual(['104 OBJECT -1', '201 OK']);
  expect(await second.ask('WHOAMI')).toEqual(['104 OBJECT -1', '201 OK']);
});

test('cce 4.4: whoever is connected when the server stops is told so, and an open transaction is discarded', async () => {
  const stopping = await openWorld({ clock });
  using peer = await stopping.admin();
  await playOn(peer, '> BEGIN\n201 OK\n> SET 1 productName=gone\n201 OK');
  await stopping[Symbol.asyncDispose]();
  expect(await peer.rest()).toBe('998 SHUTTING DOWN\n');
});

test('a socket file that a killed process left is replaced, one that is served is not', async () => {
  await using folder = await tempDir('cc-');
  const path = join(folder.path, 's');
  const { log } = captureLog();
  const open = () => openCscpServer({ engine: world.embedded.engine, serveSocket: path, log });
  const left = createServer().listen(path);
  await new Promise((resolve) => left.once('listening', resolve));
  await expect(open()).rejects.toMatchObject({ code: 'CCE_SOCKET_PATH' });
  await leaveBehind(path);
  left.close();
  await using server = await open();
  expect(server.sockets).toEqual([path]);
  await play(path, '> WHOAMI\n104 OBJECT -1\n201 OK');
});

test('a path with another file, or an admin socket in an open folder, is refused', async () => {
  await using folder = await tempDir('cc-');
  const { log } = captureLog();
  const { engine } = world.embedded;
  const file = join(folder.path, 'file');
  await writeFile(file, 'precious');
  await expect(openCscpServer({ engine, serveSocket: file, log })).rejects.toMatchObject({ code: 'CCE_SOCKET_PATH' });
  await mkdir(join(folder.path, 'open'));
  await chmod(join(folder.path, 'open'), 0o755);
  await expect(openCscpServer({ engine, adminSocket: join(folder.path, 'open/s'), log })).rejects.toMatchObject({
    code: 'CCE_SOCKET_PATH',
  });
  await expect(openCscpServer({ engine, serveSocket: `/tmp/${'x'.repeat(120)}`, log })).rejects.toMatchObject({ code: 'CCE_SOCKET_PATH' });
});

/** Makes the path refuse connections while the file stays, as after SIGKILL: the name is moved aside while its server closes. */
async function leaveBehind(path: string): Promise<void> {
  const { rename, link } = await import('node:fs/promises');
  await link(path, `${path}.kept`);
  await new Promise<void>((resolve) => {
    const probe = createConnection(path, () => probe.destroy());
    probe.once('close', () => resolve());
  });
  await rename(`${path}.kept`, path);
}
