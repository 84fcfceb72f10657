import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { curlCommand } from '../../src/commands/ovh/call/curl.ts';
import { OvhWorld } from '../support/ovh.ts';

const shell = promisify(execFile);

let world: OvhWorld;
beforeAll(async () => {
  world = await OvhWorld.start({ echo: true });
});
afterAll(() => world[Symbol.asyncDispose]());

/** Runs a script as somebody who copied it, with these variables. */
async function run(script: string, env: Readonly<Record<string, string>>, program = 'bash'): Promise<string> {
  const { PATH = '' } = process.env;
  // Bash takes standard input that is a socket for a remote login, and reads what that is set up with.
  const bare = program === 'bash' ? ['--norc'] : [];
  const { stdout, stderr } = await shell(program, [...bare, '-c', script], { env: { PATH, ...env }, timeout: 20_000 });
  expect(stderr).toBe('');
  return stdout;
}

const HOSTILE = `it's "$HOME" \`id\` \\n $(id) !! é\ud83d\ude00 %s @x`;

test.each([
  ['a read', ['get', '/me'], /^\{"nichandle":"ab12345-ovh"/],
  ['a body that the shell would read otherwise', ['post', '/echo/x', `text=${HOSTILE}`, 'n:=[1,{"a":null}]'], undefined],
  ['no body', ['post', '/echo/x'], /"body":""/],
  [
    'a path and query that curl would change',
    ['get', '/echo/{a}/b[1-3]%2e?x={y,z}', 'a=192.0.2.0/28', `q=${HOSTILE}`],
    /"target":"\/1\.0\/echo\/192\.0\.2\.0%2F28\/b/,
  ],
  ['another branch', ['get', '/v2/iam/resource'], /"urn"/],
])('--curl: %s is what the API takes, in bash and in sh', async (_what, words, expected) => {
  const { stdout: script } = await world.run(...words, '--curl');
  const plain = await world.run(...words, '--json');
  for (const program of ['bash', 'sh']) {
    const answer = await run(script, world.keys, program);
    if (expected !== undefined) expect(answer).toMatch(expected);
    expect(JSON.parse(answer)).toEqual(JSON.parse(plain.stdout));
  }
});

test('--curl without a variable sends nothing', async () => {
  const { stdout: script } = await world.run('delete', '/echo/x', '--curl');
  world.fake.clearLog();
  await expect(run(script, {})).rejects.toThrow(/OVH_APPLICATION_KEY/);
  expect(world.fake.log).toEqual([]);
});

test('--curl with a service account fetches a token', async () => {
  const { clientId, clientSecret } = world.fake.serviceAccount;
  const request = { method: 'GET', url: `${world.fake.apiUrl}/me`, headers: { Accept: 'application/json' }, body: undefined };
  const script = curlCommand({ request, method: 'oauth2', timeUrl: '', tokenUrl: world.fake.tokenUrl });
  expect(await run(script, { OVH_CLIENT_ID: clientId, OVH_CLIENT_SECRET: clientSecret })).toMatch(/ab12345-ovh/);
});

test('a body with a secret comes from a variable', async () => {
  const { stdout: script } = await world.run('post', '/echo/x', 'password=hush', '--curl');
  const body = '{"password":"hush"}';
  expect(JSON.parse(await run(script, { ...world.keys, OVH_BODY: body }))).toMatchObject({ body });
});

test('completion in bash: words, options, and files where neither is meant', async () => {
  const { stdout: script } = await world.run('completion', 'bash');
  const complete = async (...words: readonly string[]) => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const asked = `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _fairlead; echo "\${COMPREPLY[*]}"`;
    return (await run(`${script}\n${asked}`, {})).trim();
  };
  expect(await complete('fairlead', 'ov')).toBe('ovh');
  expect(await complete('fairlead', 'ovh', 'config', 'profile', '')).toBe('list use delete --help');
  expect(await complete('fairlead', 'ovh', 'get', '/me', '--sel')).toBe('--select');
  expect(await complete('fairlead', 'ovh', 'get', '/me', '--profile', 'config', '--ta')).toBe('--table');
  expect(await complete('fairlead', 'ovh', 'post', '/x', '@f')).toBe('');
});
