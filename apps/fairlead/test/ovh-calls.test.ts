import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OvhWorld } from './support/ovh.ts';

let world: OvhWorld;
beforeAll(async () => {
  world = await OvhWorld.start({ echo: true });
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.fake.reset());

/** What the fake received of a path that nobody knows. */
async function echoed(...words: readonly string[]): Promise<{ method: string; target: string; body: string }> {
  const { stdout, stderr, code } = await world.run(...words);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

test('get prints JSON where no terminal is, and keeps standard error clean', async () => {
  const { code, stdout, stderr } = await world.run('get', '/me');
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ nichandle: 'ab12345-ovh' });
  expect(stdout).toContain('\n  "nichandle"');
});

test('parameters of get and delete go into the query, texts as they are and JSON as the API takes it', async () => {
  expect((await echoed('get', '/echo', 'a=1', 'b=x y&z', 'date.from=2026', 'n:=null', 't:=true')).target).toBe(
    '/1.0/echo?a=1&b=x%20y%26z&date.from=2026&n=null&t=true',
  );
  expect((await echoed('get', '/echo?z=0', 'a=1', 'a=2', '--query', 'q=v')).target).toBe('/1.0/echo?z=0&q=v&a=1&a=2');
  expect(await echoed('delete', '/echo', 'force:=true')).toMatchObject({ method: 'DELETE', target: '/1.0/echo?force=true', body: '' });
});

test('parameters of post and put are members of the body, and --query stays a query', async () => {
  const { method, target, body } = await echoed('post', '/echo', 'a=1', 'b:=[1,null]', 'c=é', 'n:=12345678901234567890', '--query', 'q=v');
  expect([method, target]).toEqual(['POST', '/1.0/echo?q=v']);
  expect(body).toBe('{"a":"1","b":[1,null],"c":"\\u00e9","n":12345678901234567890}');
  expect((await echoed('put', '/echo', 'renew:={"automatic":true}')).body).toBe('{"renew":{"automatic":true}}');
  expect((await echoed('post', '/echo')).body).toBe('');
});

test('words that a path has as {variables} fill them', async () => {
  expect((await echoed('get', '/echo/{ip}/x', 'ip=192.0.2.0/28', 'a=1')).target).toBe('/1.0/echo/192.0.2.0%2F28/x?a=1');
  expect(await echoed('post', '/echo/{ip}', 'ip=2001:db8::1', 'a=1')).toMatchObject({
    target: '/1.0/echo/2001%3Adb8%3A%3A1',
    body: '{"a":"1"}',
  });
  expect(await world.run('get', '/echo/{ip}')).toMatchObject({ code: 64, stdout: '' });
});

test('the project of the variable fills a path that leaves it open', async () => {
  const env = { ...world.keys, OVH_CLOUD_PROJECT_SERVICE: 'the-project' };
  const usual = await world.runWith(env, 'get', '/cloud/project/{id}/echo', '--dry-run', '--json', '--select', 'url');
  expect(usual.stdout).toContain('/cloud/project/the-project/echo');
  const other = await world.runWith(env, 'get', '/cloud/project/{id}/echo', 'id=another', '--dry-run');
  expect(other.stdout).toContain('/cloud/project/another/echo');
});

test('a refusal cannot steer a terminal, nor can what is printed raw on one', async () => {
  world.fake.faults.next('GET /me', { kind: 'body', status: 409, body: '{"message":"a\u009b31mred"}' }, 3);
  expect((await world.run('get', '/me')).stderr).toContain('ared');
  expect((await world.onTerminal('get', '/me', '--raw')).stdout).not.toContain('\u009b');
  expect((await world.run('get', '/me', '--raw')).stdout).toContain('\u009b31m');
});

test('a member may come from a file, and a file may be the whole body', async () => {
  const text = await world.write('text', 'from a file\n');
  const json = await world.write('json', '{"x": [1, 2]}\n');
  expect((await echoed('post', '/echo', `a=@${text}`, `b:=@${json}`, 'c=@@at')).body).toBe('{"a":"from a file","b":{"x":[1,2]},"c":"@at"}');
  expect((await echoed('post', '/echo', `@${json}`)).body).toBe('{"x": [1, 2]}\n');
});

test.each([
  ['a word without sign', ['get', '/me', 'abc'], 'none of k=v'],
  ['JSON that is none', ['post', '/x', 'a:={'], 'the value of a:= is no JSON'],
  ['a body for get', ['get', '/me', '@file'], 'has no body'],
  ['a body beside members', ['post', '/x', '@file', 'a=1'], 'either one @file or members'],
  ['a member twice', ['post', '/x', 'a=1', 'a=2'], 'stands twice'],
  ['a header that is none', ['get', '/me', '--header', 'x'], "'Name: value'"],
  ['a header that authenticates', ['get', '/me', '--header', 'X-Ovh-Consumer: x'], 'not by a header'],
  ['two forms at once', ['get', '/me', '--json', '--table'], 'cannot be used with'],
  ['--raw with --select', ['get', '/me', '--raw', '--select', 'a'], '--raw prints one answer'],
  ['--raw with a form', ['get', '/me', '--raw', '--table'], '--raw prints one answer'],
  ['a path that leads elsewhere', ['get', '/me/../x'], '".."'],
  ['another origin', ['get', 'https://example.com/me'], 'nothing was sent'],
  ['a path to pick that is none', ['get', '/me', '--select', 'a..b'], 'a path such as'],
  ['an empty path to pick', ['get', '/me', '--select', ''], 'a path such as'],
  ['a profile out of an empty variable', ['get', '/me', '--profile', ''], 'it is empty'],
  ['an account out of an empty variable', ['get', '/me', '--account', ''], 'it is empty'],
  ['an endpoint out of an empty variable', ['config', 'show', '--endpoint', ' '], 'it is empty'],
  ['a span that is none', ['get', '/me', '--timeout', 'soon'], 'a span such as'],
  ['no path', ['get'], 'missing required argument'],
])('%s is wrong usage: exit code 64', async (_what, words, text) => {
  const { code, stdout, stderr } = await world.run(...words);
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain(text);
  expect(world.fake.log).toEqual([]);
});

test.each([
  ['an option that is none', ['get', '/me', '--json', '--bogus'], "unknown option '--bogus'"],
  ['no path', ['get', '--json'], 'missing required argument'],
  ['two forms at once', ['get', '/me', '--json', '--table'], 'cannot be used with'],
  ['a span that is none', ['inventory', '--json', '--timeout', 'soon'], 'a span such as'],
])('%s, with --json, is one JSON object', async (_what, words, text) => {
  const { code, stdout, stderr } = await world.run(...words);
  expect([code, stdout]).toEqual([64, '']);
  expect(JSON.parse(stderr)).toEqual({ code: 'CLI_USAGE', message: expect.stringContaining(text), help: [expect.any(String)] });
});

test('a file that is not there is exit code 66', async () => {
  expect(await world.run('post', '/echo', `@${world.place('absent')}`)).toMatchObject({ code: 66, stdout: '' });
  const { stderr } = await world.run('post', '/echo', `@${world.place('absent')}`, '--json');
  expect(JSON.parse(stderr)).toMatchObject({ code: 'ENOENT' });
});

test('headers of the caller go along', async () => {
  const { stderr } = await world.run('get', '/me', '--header', 'X-Trace: abc', '--verbose');
  expect(stderr).toContain('> X-Trace: abc');
});

test('--no-auth needs no keys, and sends none', async () => {
  const { code, stdout, stderr } = await world.runWith({ OVH_ENDPOINT: world.fake.apiUrl }, 'get', '/auth/time', '--no-auth', '--verbose');
  expect([code, Number.isInteger(Number(stdout))]).toEqual([0, true]);
  expect(stderr).not.toContain('X-Ovh-');
});

test('--raw prints status, headers and body as they came, and the exit code tells a refusal', async () => {
  const { code, stdout } = await world.run('get', '/auth/time', '--raw');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^HTTP 200\n.*content-type: application\/json.*\n\n\d+\n$/s);
  world.fake.faults.next('GET /me', { kind: 'body', status: 404, body: '<not json>' });
  const refused = await world.run('get', '/me', '--raw');
  expect(refused).toMatchObject({ code: 66 });
  expect(refused.stdout).toMatch(/^HTTP 404.*<not json>\n$/s);
});

test('--all takes every page of v2; without it one page is printed, and more are told of', async () => {
  const size = ['--header', 'X-Pagination-Size: 5'];
  const one = await world.run('get', '/v2/iam/resource', ...size);
  const all = await world.run('get', '/v2/iam/resource', '--all', ...size);
  expect(JSON.parse(one.stdout)).toHaveLength(5);
  expect(one.stderr).toBe('There are more pages: --all prints every one.\n');
  expect(JSON.parse(all.stdout).length).toBeGreaterThan(10);
  expect(all.stderr).toBe('');
});

test('--all --ndjson prints each page as it comes: what was read before a failure is there', async () => {
  world.fake.faults.next('GET /v2/iam/resource', { kind: 'delay', ms: 1 });
  world.fake.faults.next('GET /v2/iam/resource', { kind: 'status', status: 500 });
  const words = ['get', '/v2/iam/resource', '--all', '--ndjson', '--retry', '0', '--header', 'X-Pagination-Size: 5'];
  const { code, stdout } = await world.run(...words);
  expect([code, stdout.trimEnd().split('\n').length]).toEqual([69, 5]);
});

test('--expand asks for each object; those that fail make the result partial', async () => {
  const [first = ''] = world.fake.state.servers.keys();
  world.fake.faults.next(`GET /dedicated/server/${first}`, { kind: 'status', status: 404, message: 'gone' });
  const partial = await world.run('get', '/dedicated/server', '--expand', '--select', '[].name');
  expect(partial.code).toBe(3);
  expect(JSON.parse(partial.stdout)).toHaveLength(11);
  expect(partial.stderr).toContain(`${first}: OVHcloud API 404`);
  expect(partial.stderr).toContain('1 of 12 objects could not be read');

  world.fake.faults.next(`GET /dedicated/server/${first}`, { kind: 'status', status: 404 });
  const { stderr } = await world.run('get', '/dedicated/server', '--expand', '--json');
  expect(JSON.parse(stderr)).toMatchObject({ code: 'CLI_OVH_PARTIAL' });

  world.fake.faults.next('GET /dedicated/server/*', { kind: 'status', status: 404 }, Number.POSITIVE_INFINITY);
  expect(await world.run('get', '/dedicated/server', '--expand')).toMatchObject({ code: 66, stdout: '' });
});

test('a list of flat objects is a table on a terminal, and what steers terminals is taken out', async () => {
  const body = JSON.stringify([
    { name: 'a\u001b[31mred\u001b[0m', size: 5, on: true },
    { name: 'line\nend\u202e', size: null },
  ]);
  world.fake.faults.next('GET /me', { kind: 'body', status: 200, body, contentType: 'application/json' }, 4);
  const { stdout } = await world.onTerminal('get', '/me');
  expect(stdout).toBe(['name      size  on', '────────  ────  ────', 'ared      5     true', 'line end  -', ''].join('\n'));
  expect((await world.onTerminal('get', '/me', '--json')).stdout).toContain('"a\\u001b[31mred');
  expect((await world.onTerminal('get', '/me', '--select', '1.name')).stdout).toBe('line end\n');
  expect((await world.run('get', '/me', '--select', '1.name')).stdout).toBe('line\nend\u202e\n');
});

test('objects, lists of values and nothing as a table', async () => {
  expect((await world.run('get', '/me', '--table')).stdout).toMatch(/^key +value\n─+ {2}─+\nnichandle +ab12345-ovh\n/);
  expect((await world.run('get', '/dedicated/server', '--table')).stdout).toMatch(/^value\n─+\nns\d+/);
  world.fake.faults.next('GET /dedicated/server', { kind: 'body', status: 200, body: '[]' }, 2);
  expect(await world.run('get', '/dedicated/server', '--table')).toMatchObject({ code: 0, stdout: '' });
  expect((await world.run('get', '/dedicated/server')).stdout).toBe('[]\n');
});

test('a call without result prints nothing, and null where a form was chosen', async () => {
  world.fake.faults.next('POST /echo', { kind: 'empty' }, 2);
  expect(await world.run('post', '/echo')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect((await world.run('post', '/echo', '--json')).stdout).toBe('null\n');
});

test('lines of JSON, one for each element', async () => {
  const { stdout } = await world.run('get', '/dedicated/server', '--expand', '--ndjson');
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(12);
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('name');
});

test('the shape of YAML, with quotes where a reader would take a text for something else', async () => {
  const body = JSON.stringify({
    a: 'plain text',
    b: ['1', 'yes', '', 'x: y', '#no', 2, null],
    c: { d: {}, e: [[1], { f: true }] },
    'k:': '@at',
  });
  world.fake.faults.next('GET /me', { kind: 'body', status: 200, body });
  expect((await world.run('get', '/me', '--yaml-ish')).stdout).toBe(
    [
      'a: plain text',
      'b:',
      ...['  - "1"', '  - "yes"', '  - ""', '  - "x: y"', '  - "#no"', '  - 2', '  - null'],
      'c:',
      '  d: {}',
      '  e:',
      '    - - 1',
      '    - f: true',
      '"k:": "@at"',
      '',
    ].join('\n'),
  );
});

test.each([
  ['nichandle', 'ab12345-ovh\n'],
  ['.currency.code', 'EUR\n'],
  ['currency["code"]', undefined],
  ['absent.deep', ''],
  ['currency.*', '[\n  "EUR",\n  "€"\n]\n'],
])('--select %s', async (path, stdout) => {
  const ended = await world.run('get', '/me', '--select', path);
  expect(ended).toMatchObject(stdout === undefined ? { code: 64 } : { code: 0, stdout });
});

test('integers keep all their digits', async () => {
  world.fake.faults.next('GET /me', { kind: 'body', status: 200, body: '{"id":12345678901234567890}' });
  expect((await world.run('get', '/me')).stdout).toBe('{\n  "id": 12345678901234567890\n}\n');
});

test('--timeout ends a call that hangs: exit code 69', async () => {
  world.fake.faults.next('GET /me', { kind: 'hang' });
  const { code, stderr } = await world.run('get', '/me', '--timeout', '300ms');
  expect(code).toBe(69);
  expect(stderr).toContain('(OVH_TIMEOUT)');
});

test('--retry says how often a failed call is repeated', async () => {
  const calls = () => world.fake.log.filter((entry) => entry.target === '/1.0/me').length;
  world.fake.faults.next('GET /me', { kind: 'status', status: 503, retryAfter: 0 }, Number.POSITIVE_INFINITY);
  expect((await world.run('get', '/me', '--retry', '0')).code).toBe(69);
  expect(calls()).toBe(1);
  const { code, stderr } = await world.run('get', '/me', '--retry', '1', '--verbose');
  expect([code, calls()]).toEqual([69, 3]);
  expect(stderr).toMatch(/\* 503: again in \d+ ms\n> GET .*\/me \(attempt 2\)/);
});

test('time needs no keys, and tells how far the clock is away', async () => {
  world.fake.clock.advance(3600);
  const { code, stdout, stderr } = await world.runWith({ OVH_ENDPOINT: world.fake.apiUrl }, 'time');
  expect(code).toBe(0);
  const { time, utc, delta } = JSON.parse(stdout);
  expect(Math.abs(delta - 3600)).toBeLessThan(30);
  expect(new Date(time * 1000).toISOString()).toBe(utc);
  expect(stderr).toContain('s behind');
});

test('whoami shows what both questions tell; one refusal makes it partial, two are an error', async () => {
  const whole = await world.run('whoami');
  expect(whole.code).toBe(0);
  expect(JSON.parse(whole.stdout)).toMatchObject({ account: 'ab12345-ovh', endpoint: world.fake.apiUrl, me: { nichandle: 'ab12345-ovh' } });

  world.fake.faults.next('GET /me', { kind: 'status', status: 403, message: 'no' });
  const partial = await world.run('whoami');
  expect(partial.code).toBe(3);
  expect(JSON.parse(partial.stdout)).not.toHaveProperty('me');
  expect(partial.stderr).toContain('GET /me was refused');

  world.fake.faults.next('*', { kind: 'status', status: 403, message: 'no' }, 2);
  expect(await world.runWith({ ...world.keys }, 'whoami')).toMatchObject({ stdout: '' });
});

test('whoami --table has rules and account in tables of their own', async () => {
  const { code, stdout } = await world.run('whoami', '--table');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^account +ab12345-ovh$/m);
  expect(stdout).toMatch(/^method +path$/m);
  expect(stdout).toMatch(/^nichandle +ab12345-ovh$/m);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(100);
});

test('an account of fairlead.ini is used as the gateway uses it: no variable counts', async () => {
  const { applicationKey, applicationSecret, consumerKey } = world.fake.keys;
  const ini = await world.write(
    'fairlead.ini',
    [
      `[security]\nhmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
      '[ovh]',
      `[ovh shop]\nendpoint = ${world.fake.apiUrl}\napplication_key = ${applicationKey}`,
      `application_secret = ${applicationSecret}\nconsumer_key = ${consumerKey}`,
    ].join('\n'),
  );
  const wrong = { OVH_ENDPOINT: 'ovh-ca', OVH_CONSUMER_KEY: 'of somebody else' };
  const own = await world.runWith(wrong, 'get', '/me', '--account', 'shop', '--config', ini, '--select', 'nichandle');
  expect(own).toEqual({ code: 0, stdout: 'ab12345-ovh\n', stderr: '' });
  const other = await world.runWith(wrong, 'get', '/me', '--account', 'store', '--config', ini);
  expect(other).toMatchObject({ code: 66, stdout: '' });
  expect(other.stderr).toContain('it has: shop');
  expect(await world.runWith(wrong, 'get', '/me', '--account', 'shop', '--config', ini, '--profile', 'x')).toMatchObject({ code: 64 });
});
