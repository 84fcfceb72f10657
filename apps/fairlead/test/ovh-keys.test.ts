import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { until } from '@fairlead/testkit/until';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OvhWorld } from './support/ovh.ts';

let world: OvhWorld;
beforeAll(async () => {
  world = await OvhWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.fake.reset());

/** Variables of an application without a consumer key. */
function application(): Record<string, string> {
  const { OVH_CONSUMER_KEY: _, ...rest } = world.keys as Record<string, string>;
  return rest;
}

/** An ovh.conf of the fake's application, with a comment. */
function configured(consumerKey?: string): Promise<string> {
  const { applicationKey, applicationSecret } = world.fake.keys;
  const keys = [`application_key = ${applicationKey}`, `application_secret = ${applicationSecret}`];
  const own = consumerKey === undefined ? [] : [`consumer_key = ${consumerKey}`];
  const section = `[${world.fake.apiUrl}]`;
  return world.write('ovh.conf', ['[default]', `endpoint = ${world.fake.apiUrl}`, section, '; mine', ...keys, ...own, ''].join('\n'));
}

/** Does what the person does who opens the page; a refusal comes when somebody waits for the answer already. */
async function decided(decision: 'validate' | 'refuse'): Promise<void> {
  const path = decision === 'validate' ? '/auth/credential' : '/auth/currentCredential';
  const isTime = () => world.fake.log.some(({ target }) => target.endsWith(path));
  await until(isTime, { timeoutMs: 10_000, what: `a call of ${path}` });
  world.fake.decide(newestKey()?.consumerKey ?? '', decision);
}

const newestKey = () => [...world.fake.vault.credentials.values()].at(-1);

test('credential request prints page and key once, with the rules that the options name', async () => {
  const words = ['--allow', 'GET:/me', '--allow', 'put,delete:/vps/*', '--allow-recursive', 'rws:/sms', '--ip', '192.0.2.0/24'];
  const { code, stdout, stderr } = await world.runWith(
    application(),
    'credential',
    'request',
    ...words,
    '--redirect',
    'https://example.com/',
  );
  const made = newestKey();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(
    [
      `validation url  ${world.fake.url}/auth/?credentialToken=${made?.token}`,
      `consumer key    ${made?.consumerKey}`,
      'state           pendingValidation',
      '',
    ].join('\n'),
  );
  expect(made).toMatchObject({ allowedIPs: ['192.0.2.0/24'], redirection: 'https://example.com/' });
  expect(made?.rules.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /me',
    'PUT /vps/*',
    'DELETE /vps/*',
    'GET /sms',
    'POST /sms',
    'PUT /sms',
    'GET /sms/*',
    'POST /sms/*',
    'PUT /sms/*',
  ]);
});

test('credential request --wait --save keeps the key where the application key stands, when it works, and does not print it', async () => {
  const file = await configured();
  const words = ['-c', file, '--allow', 'GET:/me', '--wait', '--save'];
  const [{ code, stdout, stderr }] = await Promise.all([world.runWith({}, 'credential', 'request', ...words), decided('validate')]);
  const { consumerKey = '' } = newestKey() ?? {};

  expect(code).toBe(0);
  expect(stdout).toContain(`saved in        ${file}\nsection         ${world.fake.apiUrl}\n`);
  expect(stdout + stderr).not.toContain(consumerKey);
  const text = await readFile(file, 'utf8');
  expect(text).toContain(consumerKey);
  expect(text).toContain('; mine');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await world.runWith({}, 'credential', 'current', '-c', file, '--select', 'status')).toMatchObject({ stdout: 'validated\n' });
});

test('a key that cannot be kept after all is printed, so that it is not lost', async () => {
  const file = await configured();
  const words = ['-c', file, '--allow', 'GET:/me', '--wait', '--save'];
  const spoiled = async () => {
    await until(() => world.fake.log.some(({ target }) => target.endsWith('/auth/credential')), { timeoutMs: 10_000, what: 'the request' });
    await rm(file);
    await mkdir(file);
    await decided('validate');
  };
  const [{ code, stdout, stderr }] = await Promise.all([world.runWith({}, 'credential', 'request', ...words), spoiled()]);
  await rm(file, { recursive: true });
  expect([code, stderr]).toEqual([78, expect.stringContaining('OVH_CONFIGURATION')]);
  expect(stdout).toContain(`consumer key    ${newestKey()?.consumerKey}\n`);
});

test('a key that is refused is not kept', async () => {
  const file = await configured('a'.repeat(32));
  const before = await readFile(file, 'utf8');
  const words = ['-c', file, '--allow', 'GET:/me', '--wait', '--save'];
  const [ended] = await Promise.all([world.runWith({}, 'credential', 'request', ...words), decided('refuse')]);
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('OVH_WAIT_FAILED') });
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('a key that nobody agrees to in time is exit code 69', async () => {
  const ended = await world.runWith(application(), 'credential', 'request', '--allow', 'GET:/me', '--wait', '--wait-for', '1s');
  expect(ended).toMatchObject({ code: 69, stderr: expect.stringContaining('OVH_TIMEOUT') });
});

test('credential request --save says that a variable hides what it kept', async () => {
  const file = await configured('b'.repeat(32));
  const env = { OVH_CONSUMER_KEY: 'c'.repeat(32) };
  const { code, stderr } = await world.runWith(env, 'credential', 'request', '-c', file, '--allow', 'GET:/me', '--save');
  expect(code).toBe(0);
  expect(stderr).toContain('another source counts before that file');
  expect(stderr).toContain('works once that page was opened');
});

test('credential request --save with an application of the environment writes the file at home', async () => {
  const { code, stdout } = await world.runWith(application(), 'credential', 'request', '--allow', 'GET:/me', '--save');
  const file = world.place('home', '.ovh.conf');
  expect([code, stdout]).toEqual([0, expect.stringContaining(`saved in        ${file}`)]);
  expect(await readFile(file, 'utf8')).toContain(newestKey()?.consumerKey);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, '');
});

test('credential request --json: a line for each step, and standard error stays empty', async () => {
  const file = await configured();
  const words = ['-c', file, '--allow', 'GET:/me', '--wait', '--save', '--json'];
  const [{ stdout, stderr }] = await Promise.all([world.runWith({}, 'credential', 'request', ...words), decided('validate')]);
  expect(stderr).toBe('');
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toEqual([
    { validationUrl: expect.stringContaining('credentialToken='), state: 'pendingValidation' },
    { state: 'validated', credentialId: newestKey()?.credentialId, expiration: 'never' },
    { savedIn: file, section: world.fake.apiUrl },
  ]);
});

test.each([
  ['no rule', []],
  ['a rule without a path', ['--allow', 'GET']],
  ['a method that is none', ['--allow', 'PATCH:/me']],
  ['a path with a tab', ['--allow', 'GET:\t/me']],
  ['an address that is none', ['--allow', 'GET:/me', '--ip', '300.0.0.1']],
  ['a span that is none', ['--allow', 'GET:/me', '--wait-for', 'long']],
])('credential request with %s is wrong usage: nothing is sent', async (_, words) => {
  expect(await world.run('credential', 'request', ...words)).toMatchObject({ code: 64, stdout: '' });
  expect(world.fake.log).toEqual([]);
});

test('credential list, show and current tell status and rules', async () => {
  const { credentialId } = world.fake.issue({ rules: [{ method: 'GET', path: '/vps/*' }], status: 'expired' });
  const listed = await world.run('credential', 'list');
  expect(listed.stdout.split('\n')[0]).toMatch(/^credential +application +status +created +ends +last use +ips +rules$/);
  expect(listed.stdout.trimEnd().split('\n')).toHaveLength(4);
  expect((await world.run('credential', 'list', '--status', 'expired', '--select', '[].credentialId', '--json')).stdout).toContain(
    String(credentialId),
  );
  expect((await world.run('credential', 'show', String(credentialId))).stdout).toMatch(/^GET +\/vps\/\*$/m);
  expect(JSON.parse((await world.run('credential', 'current', '--json')).stdout)).toMatchObject({ status: 'validated' });
});

test('credential list prints what could be read, and exit code 3 says that it is not all', async () => {
  world.fake.issue({ rules: [], status: 'expired' });
  world.fake.faults.next('GET /me/api/credential/*', { kind: 'status', status: 404 });
  const { code, stdout, stderr } = await world.run('credential', 'list');
  expect([code, stdout.trimEnd().split('\n').length]).toEqual([3, 3]);
  expect(stderr).toContain('1 of 2 objects could not be read');
});

test.each([['list', '--status', 'odd'], ['show', 'abc'], ['revoke', '-1'], ['revoke'], ['explain', 'GET'], ['explain', 'FETCH', '/me']])(
  'credential %j is wrong usage',
  async (...words) => {
    expect(await world.run('credential', ...words)).toMatchObject({ code: 64, stdout: '' });
  },
);

test('credential revoke ends keys by number, and the one in use', async () => {
  const { credentialId } = world.fake.issue({ rules: [] });
  expect(await world.run('credential', 'revoke', String(credentialId), 'current')).toEqual({
    code: 0,
    stdout: `The key ${credentialId} has ended.\nThe key in use has ended.\n`,
    stderr: '',
  });
  expect(await world.run('credential', 'revoke', String(credentialId))).toMatchObject({ code: 77 });
});

test('credential explain names the missing rule, with exit code 77', async () => {
  const { consumerKey } = world.fake.issue({ rules: [{ method: 'GET', path: '/vps/*' }] });
  const as = (...words: readonly string[]) =>
    world.runWith({ ...world.keys, OVH_CONSUMER_KEY: consumerKey }, 'credential', 'explain', ...words);
  expect(await as('get', '/vps/x')).toMatchObject({ code: 0, stdout: expect.stringContaining('is granted'), stderr: '' });
  expect(await as('delete', '/vps/{name}')).toMatchObject({
    code: 77,
    stdout: expect.stringContaining('with the rule DELETE /vps/*'),
    stderr: expect.stringContaining("request --with-current --allow 'DELETE:/vps/*' --wait --save"),
  });
  expect(JSON.parse((await as('delete', '/vps/{name}', '--json')).stdout)).toMatchObject({ allowed: false, missing: { method: 'DELETE' } });
});

test('login without an application key tells the page where keys are made, for reading unless rules are given', async () => {
  expect(await world.runWith({}, 'login')).toMatchObject({
    code: 0,
    stdout: 'https://auth.eu.ovhcloud.com/api/createToken?GET=/*\n',
    stderr: expect.stringContaining('fairlead ovh config set consumer_key'),
  });
  const us = await world.runWith({}, 'login', '--endpoint', 'ovh-us', '--allow', 'POST:/vps/*', '--json');
  expect(JSON.parse(us.stdout)).toEqual({ createTokenUrl: 'https://us.ovhcloud.com/auth/api/createToken?POST=/vps/*' });
  expect(await world.runWith({}, 'login', '--endpoint', world.fake.apiUrl)).toMatchObject({ code: 78, stdout: '' });
});

test('login with an application key asks, waits, keeps the key and says who is logged in', async () => {
  const file = await configured();
  const [{ code, stdout, stderr }] = await Promise.all([world.runWith({}, 'login', '-c', file), decided('validate')]);
  const made = newestKey();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^account +ab12345-ovh$/m);
  expect(made?.rules).toEqual([{ method: 'GET', path: '/*' }]);
  expect(stdout + stderr).not.toContain(made?.consumerKey);
  expect(await readFile(file, 'utf8')).toContain(made?.consumerKey);
});

test('login for a key that may not ask whose it is keeps the key all the same', async () => {
  const file = await configured();
  world.fake.faults.next('GET /auth/details', {
    kind: 'status',
    status: 403,
    errorCode: 'NOT_GRANTED_CALL',
    message: 'This call has not been granted',
  });
  const words = ['login', '-c', file, '--allow', 'GET:/vps'] as const;
  const [{ code, stderr }] = await Promise.all([world.runWith({}, ...words), decided('validate')]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('do not let it ask whose account this is')]);
  expect(await readFile(file, 'utf8')).toContain(newestKey()?.consumerKey);
});

test('login for an account whose keys stand in fairlead.ini prints the key, and says where it belongs', async () => {
  const { applicationKey, applicationSecret } = world.fake.keys;
  const lines = [
    '[security]',
    `hmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
    '[ovh]',
    '[ovh shop]',
    `endpoint = ${world.fake.apiUrl}`,
    `application_key = ${applicationKey}`,
    `application_secret = ${applicationSecret}`,
  ];
  const ini = await world.write('login.ini', `${lines.join('\n')}\n`);
  const words = ['login', '--account', 'shop', '-c', ini] as const;
  const [{ code, stdout, stderr }] = await Promise.all([world.runWith({}, ...words), decided('validate')]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('[ovh shop] consumer_key')]);
  expect(stdout).toContain(`consumer key    ${newestKey()?.consumerKey}\n`);
});

test('login with a service account says that there is nothing to do', async () => {
  const { clientId, clientSecret } = world.fake.serviceAccount;
  const env = { OVH_CLIENT_ID: clientId, OVH_CLIENT_SECRET: clientSecret };
  const { code, stderr } = await world.runWith(env, 'login');
  expect([code, stderr]).toEqual([64, expect.stringContaining('needs no login')]);
  expect(stderr).not.toContain(clientSecret);
});

test('app list shows the beginning of each key; app delete refuses the application in use', async () => {
  const other = world.fake.vault.addApplication('old');
  const { applicationKey } = world.fake.keys;
  const { stdout } = await world.run('app', 'list');
  expect(stdout).toContain(`${applicationKey.slice(0, 4)}…`);
  expect(stdout).not.toContain(applicationKey);
  expect(await world.run('app', 'delete', String(other.applicationId))).toEqual({
    code: 0,
    stdout: `The application ${other.applicationId} (old) is deleted, and all its consumer keys with it.\n`,
    stderr: '',
  });
  const [own] = [...world.fake.vault.applications.values()];
  expect(await world.run('app', 'delete', String(own?.applicationId))).toMatchObject({ code: 64 });
  expect(world.fake.vault.applications.size).toBe(1);
  expect(await world.run('app', 'delete', String(own?.applicationId), '--force')).toMatchObject({ code: 0 });
  expect(await world.run('app', 'delete', '99')).toMatchObject({ code: 77 });
});

/** Variables of the fake's service account. */
function serviceAccount(): Record<string, string> {
  const { clientId, clientSecret } = world.fake.serviceAccount;
  return { OVH_ENDPOINT: world.fake.apiUrl, OVH_CLIENT_ID: clientId, OVH_CLIENT_SECRET: clientSecret };
}

test('oauth2 token says how long the token counts, and prints it only with --show', async () => {
  const ask = (...words: readonly string[]) =>
    world.runWith(serviceAccount(), 'oauth2', 'token', '--token-url', world.fake.tokenUrl, ...words);
  const isToken = (text: string) => world.fake.vault.clientOfToken(text.trim()) !== undefined;
  expect(await ask()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^usable until +\d{4}-[^\n]+\n.*--show.*\n$/), stderr: '' });
  expect(Object.keys(JSON.parse((await ask('--json')).stdout) as object)).toEqual(['usableUntil']);
  expect(isToken((await ask('--show')).stdout)).toBe(true);

  const file = world.place('token');
  const { stdout, stderr } = await ask('--file', file);
  const token = await readFile(file, 'utf8');
  expect(isToken(token)).toBe(true);
  expect(stdout + stderr).not.toContain(token.trim());
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await ask('--file', file)).toMatchObject({ code: 78, stdout: '', stderr: expect.stringContaining('exists already') });
});

test('oauth2 token: a wrong secret is exit code 77, no service account 78, and the secret is told nowhere', async () => {
  const secret = 'd'.repeat(32);
  const words = ['oauth2', 'token', '--token-url', world.fake.tokenUrl];
  const wrong = await world.runWith({ ...serviceAccount(), OVH_CLIENT_SECRET: secret }, ...words, '--verbose');
  expect(wrong).toMatchObject({ code: 77, stdout: '', stderr: expect.stringContaining('OVH_OAUTH2') });
  expect(wrong.stderr).not.toContain(secret);
  expect(await world.run('oauth2', 'token')).toMatchObject({ code: 78, stdout: '' });
});

test('oauth2 client create gives the secret once: on standard output, or in a new file of its owner', async () => {
  const shown = await world.run('oauth2', 'client', 'create', 'bot', '--description', 'for tests', '--json');
  const made = JSON.parse(shown.stdout) as { clientId: string; clientSecret: string };
  expect(world.fake.vault.clients.get(made.clientId)).toMatchObject({ ...made, name: 'bot', description: 'for tests' });

  const file = world.place('client-secret');
  const kept = await world.run('oauth2', 'client', 'create', 'bot2', '--secret-file', file);
  const secret = (await readFile(file, 'utf8')).trim();
  expect([...world.fake.vault.clients.values()].at(-1)?.clientSecret).toBe(secret);
  expect(kept.stdout + kept.stderr).not.toContain(secret);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const count = world.fake.vault.clients.size;
  expect(await world.run('oauth2', 'client', 'create', 'bot3', '--secret-file', file)).toMatchObject({ code: 78, stdout: '' });
  expect(world.fake.vault.clients.size).toBe(count);
});

test('oauth2 client create leaves no file behind when the API refuses', async () => {
  world.fake.faults.next('POST /me/api/oauth2/client', { kind: 'status', status: 400 });
  const file = world.place('never');
  expect(await world.run('oauth2', 'client', 'create', 'bot', '--secret-file', file)).toMatchObject({ code: 1, stdout: '' });
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('oauth2 client list and delete never show a secret', async () => {
  const { clientId, clientSecret } = world.fake.vault.addClient({ name: 'bot', description: '' });
  const { code, stdout } = await world.run('oauth2', 'client', 'list');
  expect([code, stdout]).toEqual([0, expect.stringContaining(clientId)]);
  expect(stdout).not.toContain(clientSecret);
  expect(await world.run('oauth2', 'client', 'delete', clientId)).toMatchObject({ code: 0, stdout: expect.stringContaining(clientId) });
  expect(world.fake.vault.clients.has(clientId)).toBe(false);
  expect(await world.run('oauth2', 'client', 'delete', clientId)).toMatchObject({ code: 66 });
});

test('credential request --with-current asks for the rules of the key in use as well', async () => {
  const { consumerKey } = world.fake.issue({ rules: [{ method: 'GET', path: '/vps/*' }] });
  const env = { ...world.keys, OVH_CONSUMER_KEY: consumerKey };
  expect(await world.runWith(env, 'credential', 'request', '--with-current', '--allow', 'DELETE:/vps/*')).toMatchObject({ code: 0 });
  expect(newestKey()?.rules).toEqual([
    { method: 'DELETE', path: '/vps/*' },
    { method: 'GET', path: '/vps/*' },
  ]);
});
