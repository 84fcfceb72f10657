import { afterAll, beforeAll, expect, test } from 'vitest';
import { playOn } from './support/transcript.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const PARSE_ERROR = '306 ERROR COMMAND PARSE ERROR\n402 BAD COMMAND';

test.each<[string, string]>([
  ['cce 17.1, 17.27: a command in small letters works, and nobody is object -1', '> whoami\n104 OBJECT -1\n201 OK'],
  [
    'cce 17.4: a comma is white space',
    '> SET 56 fullName="A B",description="c"\n201 OK\n> FIND User description=c, name ~ .\n403 BAD PARAMETERS',
  ],
  ['cce 17.5: a dash in a bare value cannot be parsed', `> SET 5 a=b-c\n${PARSE_ERROR}`],
  ['cce 17.6: a quote that is not closed cannot be parsed', `> SET 56 description="abc\n${PARSE_ERROR}\n> GET "56\n${PARSE_ERROR}`],
  ['cce 17.7: two equal signs are bad parameters', '> SET 5 a == "x"\n403 BAD PARAMETERS'],
  ['cce 17.8: a key may be quoted', '> SET 56 "description" = "quoted"\n201 OK\n> FIND User description = "quoted"\n104 OBJECT 56\n201 OK'],
  ['cce 17.12: bytes may be given in base64', '> SET 56 description=#3#YWJj\n201 OK\n> FIND User description=abc\n104 OBJECT 56\n201 OK'],
  [
    'cce 17.12: a wrong length of base64 cannot be parsed',
    `> SET 56 description=#4#YWJj\n${PARSE_ERROR}\n> SET 56 description=#3#YW!j\n${PARSE_ERROR}`,
  ],
  ['cce 17.14: CR LF ends a line', '> WHOAMI\r\n104 OBJECT -1\n201 OK'],
  [
    'cce 17.16: unknown words are bad commands, too many parameters bad ones',
    '> PING\n402 BAD COMMAND\n> WHOAMI 5\n403 BAD PARAMETERS\n> VERSION\n402 BAD COMMAND\n> BADDATA 1 a b\n402 BAD COMMAND',
  ],
])('%s', async (_, transcript) => {
  using peer = await world.admin();
  await playOn(peer, transcript);
});

test('cce 17.2: a blank line gives no reply', async () => {
  using peer = await world.admin();
  peer.send('\n  \t\r\n,,\n');
  await playOn(peer, '> WHOAMI\n104 OBJECT -1\n201 OK');
});

test('cce 17.3: white space around the dot does not matter', async () => {
  using peer = await world.admin();
  const close = await peer.ask('GET 1.Snmp');
  expect(close).toContain('102 DATA readCommunity = "public"');
  expect(await peer.ask('GET 1 . Snmp')).toEqual(close);
});

test.each([
  ['cce 17.10: \\$ is $', String.raw`a\$b`, 'a$b'],
  ['cce 17.10: \\u00e9 is u00e9, since CSCP knows no such escape', String.raw`\u00e9`, 'u00e9'],
  ['cce 17.10: three octal digits are a byte, and bytes go out so', String.raw`\303\251`, String.raw`\303\251`],
  ['cce 17.11: a line feed comes back as \\n', String.raw`one\ntwo`, String.raw`one\ntwo`],
  ['cce 17.11: quotes and backslashes come back escaped', String.raw`"\\\"`.slice(1), String.raw`\\\"`],
  ['cce 1.5: a byte that is no UTF-8 comes back as it was', String.raw`\377\200`, String.raw`\377\200`],
])('%s', async (_, sent, back) => {
  using peer = await world.admin();
  expect(await peer.ask(`SET 56 description="${sent}"`)).toEqual(['201 OK']);
  expect(await peer.ask('GET 56')).toContain(`102 DATA description = "${back}"`);
});

test('cce 17.10: raw bytes of UTF-8 in a line are the same value as their octal form', async () => {
  using peer = await world.admin();
  await peer.ask(`SET 56 description="${Buffer.from('é').toString('latin1')}"`);
  expect(await peer.ask(String.raw`FIND User description="\303\251"`)).toEqual(['104 OBJECT 56', '201 OK']);
});

test('cce 17.13: a value of 200 KB comes back whole', async () => {
  using peer = await world.admin();
  const value = 'abcdefghi '.repeat(20_000);
  expect(await peer.ask(`SET 56 description="${value}"`)).toEqual(['201 OK']);
  expect(await peer.ask('GET 56')).toContain(`102 DATA description = "${value}"`);
  await peer.ask('SET 56 description=""');
});

test('cce 17.15: fifty commands in one write are answered in order', async () => {
  using peer = await world.admin();
  peer.send(Array.from({ length: 50 }, (_, index) => `GET ${9000 + index}\n`).join(''));
  for (let index = 0; index < 50; index += 1) expect(await peer.reply()).toEqual([`300 UNKNOWN OBJECT ${9000 + index}`, '401 FAIL']);
});

test('cce 1.1: a line of more than 8 MiB is refused, and the connection ends', async () => {
  using peer = await world.admin();
  peer.send(`SET 56 description="${'x'.repeat(8 * 1024 * 1024)}"\n`);
  expect(await peer.reply()).toEqual(['306 ERROR LINE TOO LONG', '402 BAD COMMAND']);
  expect(await peer.rest()).toBe('');
});

test('cce 17.132: AUTHKEY, a command and BYE in one write, as the Go proxy does', async () => {
  using first = await world.login();
  const [session = ''] = await first.ask('AUTH "admin" "blueonyx"');
  const key = session.replace('109 SESSIONID ', '');
  using peer = await world.login();
  peer.send(`AUTHKEY "admin" "${key}"\nGET 6 . Shell\nBYE\n`);
  expect((await peer.rest()).split('\n')).toEqual([
    '201 OK',
    '102 DATA CLASSVER = "1.0"',
    '102 DATA NAMESPACE = "Shell"',
    '102 DATA enabled = "1"',
    '201 OK',
    '202 GOODBYE',
    '',
    '',
  ]);
});

test('cce 17.131: a client in the manner of CCE.pm logs in, reads, writes and leaves', async () => {
  using peer = await world.login();
  const said: string[] = [];
  const ask = async (line: string) => {
    const lines = await peer.ask(line);
    said.push(...lines.map((one) => one.replace(/SESSIONID [A-Za-z0-9]{63}$/, 'SESSIONID *')));
    return lines;
  };
  await ask('AUTH "admin" "blueonyx"');
  await ask('WHOAMI');
  await ask('BEGIN');
  await ask(String.raw`SET 56  "fullName" = "P\"M" "description" = "a\tb"`);
  await ask('COMMIT');
  await ask('FIND User "fullName" = "P\\"M"');
  await ask('ENDKEY');
  await ask('BYE SUCCESS');
  expect(said).toEqual([
    '109 SESSIONID *',
    '201 OK',
    '104 OBJECT 6',
    '201 OK',
    '201 OK',
    '201 OK',
    '201 OK',
    '104 OBJECT 56',
    '201 OK',
    '201 OK',
    '202 GOODBYE',
  ]);
});
