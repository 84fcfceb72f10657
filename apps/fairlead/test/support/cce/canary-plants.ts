import { createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { until } from '@fairlead/testkit/until';
import type { Canaries } from '../canaries.ts';

export const REMOTE = '192.0.2.9';
/** What is kept in clear because it has to be: the file of client secrets, and the key beside it (cce 7.4, 7.6). */
export const IN_CLEAR = /\/cce\/(?:access|master\.key)$/;

interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface CcePlace {
  readonly canaries: Canaries;
  /** Of the gateway. */
  readonly folder: string;
  /** Asks the JSON API; the answer is remembered. */
  ask(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

/** Waits in the test's hand as long as a file is there: so it can be looked at while it runs. */
const HANDLER = (folder: string) => `#!/bin/sh
while [ -e ${folder}/hold ]; do touch ${folder}/waits; sleep 0.05; done
echo BYE SUCCESS
`;

/** Lays out what `[cce]` needs, and gives its lines. */
export async function layOutCce({ canaries, folder }: Pick<CcePlace, 'canaries' | 'folder'>): Promise<string> {
  const secret = canaries.make('client secret').slice(0, 64);
  const place = (name: string) => join(folder, name);
  await mkdir(place('admin'), { mode: 0o700 });
  for (const name of ['state/cce', 'conf', 'handlers']) await mkdir(place(name), { recursive: true });
  const masterKey = randomBytes(32).toString('base64');
  canaries.plant('master key', masterKey);
  await writeFile(place('state/cce/access'), `${REMOTE}:${secret}\n`, { mode: 0o600 });
  await writeFile(place('state/cce/master.key'), `${masterKey}\n`, { mode: 0o600 });
  await writeFile(place('conf/slow.conf'), 'User.password exec:slow.sh EXECUTE\n');
  await writeFile(place('handlers/slow.sh'), HANDLER(folder), { mode: 0o755 });
  return [
    '[cce]\nbackend = embedded\nfixtures = demo\nlisten_address = 127.0.0.1:0\nauth_fail_delay = false\napi_auth_fails = 1000\ndebuglog = true',
    `api_access = ${REMOTE}\ntrusted_proxies = 127.0.0.1\nserve_socket = ${place('cced.socket')}\nadmin_socket = ${place('admin/cced.socket')}`,
    `conf_dir = ${place('conf')}\nhandler_dir = ${place('handlers')}\nextensions = true`,
  ].join('\n');
}

/** The password that the gateway gave api-admin, out of its file. */
export async function plantServicePassword({ canaries, folder }: CcePlace): Promise<void> {
  const file = await readFile(join(folder, 'state/cce/api-admin.passwd'));
  const key = (await readFile(join(folder, 'state/cce/master.key'), 'utf8')).trim();
  const derived = pbkdf2Sync(key, file.subarray(8, 16), 10_000, 48, 'sha256');
  const cipher = createDecipheriv('aes-256-cbc', derived.subarray(0, 32), derived.subarray(32));
  canaries.plant('password of api-admin', Buffer.concat([cipher.update(file.subarray(16)), cipher.final()]).toString());
}

/** Gives `admin` a password that can be looked for; `look` is called while a handler runs that was told of it. */
export async function changePassword(place: CcePlace, look: () => Promise<void>): Promise<string> {
  const password = place.canaries.make('password of admin').slice(0, 60);
  const hold = join(place.folder, 'hold');
  await writeFile(hold, '');
  const changed = place.ask({ cmd: `SET 6 password="${password}"`, user: 'admin', password: 'blueonyx' });
  await until(() => readFile(join(place.folder, 'waits')).then(() => true), { timeoutMs: 20_000, what: 'the handler' });
  await look();
  await rm(hold);
  const { status, text: said } = await changed;
  if (status !== 200) throw new Error(`the password is not changed: ${said}`);
  return password;
}

/** The credentials of a session, its id planted. */
export async function plantSession({ canaries, ask }: CcePlace, password: string): Promise<{ user: string; sessionid: string }> {
  const { text: said } = await ask({ cmd: 'AUTH', user: 'admin', password });
  const { sessionid = '' } = (JSON.parse(said) as { data?: { sessionid?: string } }).data ?? {};
  return { user: 'admin', sessionid: canaries.plant('session id', sessionid) };
}

/** A token and the headers that go with it. */
export async function plantToken({ canaries, folder, ask }: CcePlace): Promise<{ token: string; headers: Record<string, string> }> {
  const secret = (await readFile(join(folder, 'state/cce/access'), 'utf8')).split(':')[1]?.trim() ?? '';
  const headers = { 'x-real-ip': REMOTE, 'x-client-secret': secret };
  const { text: said } = await ask({ cmd: 'LOGIN', username: 'x', password: canaries.make('password beside LOGIN') }, headers);
  const { token = '' } = (JSON.parse(said) as { data?: { token?: string } }).data ?? {};
  return { token: canaries.plant('CCE token', token), headers };
}

/** Commands with a secret in every place that takes one, right and wrong, of which each is carried out or refused. */
export function commandsWith({ canaries }: CcePlace, who: object): readonly unknown[] {
  const one = (name: string) => canaries.make(`CCE ${name}`).slice(0, 100);
  const written = (verb: string) => [
    `${verb} "admin" "${one(`${verb} raw`)}"`,
    `${verb.toLowerCase()} admin ${one(`${verb} bare`)}`,
    `${verb},"admin","${one(`${verb} commas`)}"`,
    `${verb} "admin" "${one(`${verb} unterminated`)}`,
    `${verb} "admin" "${one(`${verb} too many`)}" x`,
    `${verb} "admin" "x"\n${one(`${verb} second line`)}`,
  ];
  const texts = [
    ...[...written('AUTH'), ...written('AUTHKEY')],
    `SET 58 password="${one('SET')}"`,
    `SET 58 "password" = "${one('quoted key')}"`,
    `SET 58 password = ${one('bare value')}`,
    `SET 58 password="${one('unterminated value')}`,
    `SET 58 password=="${one('two signs')}"`,
    `SET 58 password="${one('hash')}" crypt_password="${one('second')}"`,
    `SET 58 nothing="x" password="${one('with a bad key')}"`,
    `SET 9999 password="${one('no object')}"`,
    `SET 58 password="${one('other line')}"\nGET 1`,
    `SET 58 PassWord="${one('wrong case')}"`,
    `CREATE User name="raw1" password="${one('raw CREATE')}" site="site1"`,
    `CREATE Nothing password="${one('no class')}"`,
    `FIND User password="${one('FIND')}"`,
    `FIND User crypt_password ~ "${one('regex')}"`,
    `FINDX User password="${one('FINDX')}"`,
    `SET 58 \u0000password="${one('NUL')}"`,
  ];
  return [
    ...texts.map((cmd) => ({ ...who, cmd })),
    ...structured(one).map((body) => ({ ...who, ...body })),
    { cmd: 'AUTH', user: 'admin', password: one('wrong password') },
    { cmd: 'AUTH', user: 'admin', password: [one('password in a list')] },
    { cmd: 'AUTHKEY', user: 'admin', sessionid: one('wrong session') },
    { cmd: 'WHOAMI', user: 'admin', sessionid: one('session of WHOAMI') },
    { cmd: 'GET 1', user: 'admin', password: one('implicit') },
    { cmd: 'GET 1', token: one('token from here') },
    `{"cmd":"AUTH","user":"admin","password":"${one('cut body')}"`,
    `{"cmd":"AUTH","user":"admin","password":"${one('twice')}","password":"${one('twice again')}"} x`,
    { cmd: 'AUTH', password: `${'x'.repeat(1_100_000)}${one('huge body')}` },
  ];
}

function structured(one: (name: string) => string): readonly object[] {
  return [
    { cmd: 'SET', oid: '58', data: { password: one('data') } },
    { cmd: 'SET', oid: '58', args: { password: one('args') }, vars: { crypt_password: one('vars') } },
    { cmd: 'SET', oid: '58', data: { password: { deep: one('object') } } },
    { cmd: 'SET', oid: '58', data: { password: `"${one('bad characters')}"` } },
    { cmd: 'SET', oid: '58', data: { password: one('dry') }, dryrun: true },
    { cmd: 'SET', oid: '58', data: { fullName: 'x' }, expect: { crypt_password: one('expected') } },
    { cmd: 'CREATE', class: 'User', data: { name: 'made1', password: one('CREATE'), site: 'site1' }, events: true },
    { cmd: 'FIND', class: 'User', args: { password: one('FIND args') } },
    { cmd: 'FINDX', class: 'User', regex_args: { password: `${one('regex_args')}(` } },
    { cmd: 'GETOBJECT', class: 'User', args: { md5_password: one('GETOBJECT') } },
    { cmd: 'GETALL', class: 'User', args: { password: one('GETALL') } },
  ];
}

/** A queue of commands with passwords; `look` is called while it waits. Gives what COMMIT said. */
export async function plantQueue({ canaries, ask }: CcePlace, who: object, look: () => Promise<void>): Promise<string> {
  const one = (name: string) => canaries.make(`CCE queued ${name}`).slice(0, 60);
  const said: string[] = [];
  for (const spoilt of [false, true]) {
    await ask({ ...who, cmd: 'BEGIN' });
    await ask({ ...who, cmd: `SET 58 password="${one(`raw ${spoilt}`)}"` });
    await ask({ ...who, cmd: 'SET', oid: spoilt ? '9999' : '58', data: { password: one(`structured ${spoilt}`) } });
    await ask({ ...who, cmd: 'CREATE', class: 'User', data: { name: 'queued1', password: one(`CREATE ${spoilt}`), site: 'site1' } });
    await ask({ ...who, cmd: `SET 58 password="${one(`malformed ${spoilt}`)}` });
    await look();
    said.push((await ask({ ...who, cmd: 'COMMIT' })).text);
  }
  return said.join('\n');
}

/** Lines with secrets over both sockets. Gives all that the gateway said but the id of a session, which it has to say. */
export async function plantOverSockets({ canaries, folder }: CcePlace, password: string): Promise<string> {
  const one = (name: string) => canaries.make(`CSCP ${name}`).slice(0, 60);
  const lines = (name: string) => [
    `AUTH "admin" "${one(`${name} wrong`)}"`,
    `AUTHKEY admin ${one(`${name} session`)}`,
    `AUTH "admin" "${one(`${name} unterminated`)}`,
    `AUTH admin ${one(`${name} dash`)}-`,
    `SECRET ${one(`${name} no verb`)}`,
    `SET 58 password="${one(`${name} value`)}"`,
    `SET 58 password == "${one(`${name} signs`)}"`,
    `CREATE User name="${name}1" password="${one(`${name} CREATE`)}" site="site1"`,
    'BEGIN',
    `SET 58 password="${one(`${name} in TXN`)}"`,
    `SET 58 nothing="1" password="${one(`${name} bad key`)}"`,
    'COMMIT',
    `FIND User password="${one(`${name} FIND`)}"`,
    `SET 58 password=#3#${one(`${name} binstr`)}`,
  ];
  const before = await speak(join(folder, 'admin/cced.socket'), [...lines('admin')]);
  const after = await speak(join(folder, 'cced.socket'), [`AUTH "admin" "${password}"`, ...lines('plain'), 'x'.repeat(9_000_000)]);
  const id = /^109 SESSIONID (\w+)$/m.exec(after)?.[1] ?? '';
  canaries.plant('session id of CSCP', id);
  return `${before}\n${after.replaceAll(id, '')}`;
}

async function speak(path: string, lines: readonly string[]): Promise<string> {
  const socket = createConnection({ path });
  await once(socket, 'connect');
  const heard = text(socket).catch(String);
  socket.on('error', () => undefined);
  socket.write(`${lines.join('\n')}\nBYE\n`);
  return heard;
}
