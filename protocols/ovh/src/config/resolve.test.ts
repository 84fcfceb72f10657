import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { endpoints } from '../endpoints/registry.ts';
import { ConfigurationError, UnknownEndpointError } from '../errors/errors.ts';
import { resolveConfiguration } from './resolve.ts';
import { Secret } from './secret.ts';
import type { ConfigurationFile, ConfigurationOptions, FileKind, Settings } from './settings.ts';

const PATHS: Readonly<Record<FileKind, string>> = {
  explicit: '/my.conf',
  listed: '/one.conf',
  local: '/srv/ovh.conf',
  user: '/home/u/.ovh.conf',
  system: '/etc/ovh.conf',
  retired: '/etc/ovh.cfg',
};

/** A file of the chain, with the rights that it should have. */
function file(kind: FileKind, text: string, more: Partial<ConfigurationFile> = {}): ConfigurationFile {
  return { kind, path: PATHS[kind], text, mode: 0o600, ...more };
}

function resolve(options: ConfigurationOptions, files: readonly ConfigurationFile[] = [], env: Record<string, string> = {}): Settings {
  return resolveConfiguration(options, { env, files });
}

/** The authentication with its secrets, for comparison. */
function revealed({ auth }: Settings): Record<string, unknown> {
  return Object.fromEntries(Object.entries(auth).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value]));
}

const KEYS = 'application_key=AK\napplication_secret=AS\nconsumer_key=CK';
const APPLICATION = { method: 'application', applicationKey: 'AK', applicationSecret: 'AS', consumerKey: 'CK' };

test('P01 G18 N01: without any credential the message says what to provide, where it was looked, and where keys are made', () => {
  const none = () => resolve({}, [file('local', '[default]\nendpoint=ovh-ca')]);
  expect(none).toThrow(ConfigurationError);
  expect(none).toThrow(
    /ovh-ca: provide at least application_key and application_secret.*the options, the environment, \/srv\/ovh\.conf.*auth\.ca\.ovhcloud\.com\/api\/createToken/,
  );
});

test('with auth none a client of public routes needs nothing, and keeps the application key where there is one', () => {
  expect(revealed(resolve({ auth: 'none' }))).toEqual({ method: 'none', applicationKey: undefined });
  expect(revealed(resolve({ auth: 'none' }, [], { OVH_APPLICATION_KEY: 'AK' }))).toEqual({ method: 'none', applicationKey: 'AK' });
});

test('G17: without any endpoint it is ovh-eu, and said to be assumed', () => {
  expect(resolve({ auth: 'none' })).toMatchObject({ endpoint: { name: 'ovh-eu' }, endpointSource: 'default' });
  expect(resolve({ auth: 'none' }, [], { OVH_ENDPOINT: '' }).endpoint.name).toBe('ovh-eu');
});

test('P36 G32: one file', () => {
  const settings = resolve({}, [file('local', `[default]\nendpoint=ovh-ca\n[ovh-ca]\n${KEYS}\n[ovh-eu]\napplication_key=other`)]);
  expect(settings.endpoint.name).toBe('ovh-ca');
  expect(revealed(settings)).toEqual(APPLICATION);
});

test('P33 P34 G31: files are merged key by key, the nearest first', () => {
  const settings = resolve({}, [
    file('local', '[ovh-eu]\nconsumer_key=CK'),
    file('user', '[default]\nendpoint=ovh-eu\n[ovh-eu]\napplication_secret=AS\nconsumer_key=no'),
    file('system', '[default]\nendpoint=ovh-us\n[ovh-eu]\napplication_key=AK\napplication_secret=no\nconsumer_key=no'),
  ]);
  expect(settings).toMatchObject({ endpoint: { name: 'ovh-eu' }, endpointSource: 'file' });
  expect(revealed(settings)).toEqual(APPLICATION);
});

test('P35: the explicit file beats the others', () => {
  const settings = resolve({}, [file('explicit', `[ovh-eu]\n${KEYS}`), file('local', '[ovh-eu]\napplication_key=no\nconsumer_key=no')]);
  expect(revealed(settings)).toEqual(APPLICATION);
});

test('P44 G36: the environment beats files; an empty variable is none', () => {
  const files = [file('local', '[default]\nendpoint=ovh-ca\n[ovh-eu]\napplication_key=no\napplication_secret=AS\nconsumer_key=CK')];
  const env = { OVH_ENDPOINT: 'ovh-eu', OVH_APPLICATION_KEY: ' AK\n', OVH_APPLICATION_SECRET: '', OVH_CONSUMER_KEY: ' ' };
  const settings = resolve({}, files, env);
  expect(settings.endpointSource).toBe('environment');
  expect(revealed(settings)).toEqual(APPLICATION);
});

test('G19 G36: the environment alone is enough, for each method', () => {
  const env = { OVH_ENDPOINT: 'ovh-us', OVH_APPLICATION_KEY: 'AK', OVH_APPLICATION_SECRET: 'AS', OVH_CONSUMER_KEY: 'CK' };
  expect(resolve({}, [], env)).toMatchObject({ endpoint: { name: 'ovh-us' }, endpointSource: 'environment' });
  expect(revealed(resolve({}, [], env))).toEqual(APPLICATION);
  expect(revealed(resolve({}, [], { OVH_CLIENT_ID: 'I', OVH_CLIENT_SECRET: 'S' }))).toMatchObject({ method: 'oauth2', clientId: 'I' });
});

test('P45 G37: options beat environment and files', () => {
  const env = { OVH_ENDPOINT: 'ovh-ca', OVH_APPLICATION_KEY: 'no', OVH_APPLICATION_SECRET: 'no', OVH_CONSUMER_KEY: 'no' };
  const options = { endpoint: 'ovh-eu', applicationKey: 'AK', applicationSecret: 'AS', consumerKey: 'CK' };
  const settings = resolve(options, [file('local', '[ovh-eu]\napplication_key=no')], env);
  expect(settings).toMatchObject({ endpoint: { name: 'ovh-eu' }, endpointSource: 'option' });
  expect(revealed(settings)).toEqual(APPLICATION);
});

test('N06 and the constructors of the other clients: every spelling is read', () => {
  expect(revealed(resolve({ appKey: 'AK', appSecret: 'AS', consumerKey: 'CK' }))).toEqual(APPLICATION);
  expect(revealed(resolve({ application_key: 'AK', application_secret: 'AS', consumer_key: 'CK' }))).toEqual(APPLICATION);
  expect(revealed(resolve({ clientID: 'I', clientSecret: 'S' }))).toMatchObject({ method: 'oauth2', clientId: 'I', clientSecret: 'S' });
  expect(revealed(resolve({ client_id: 'I', client_secret: 'S' }))).toMatchObject({ clientId: 'I', clientSecret: 'S' });
  expect(resolve({ auth: 'none', host: 'gate.example', port: 8443, basePath: '/v1' }).endpoint.baseUrl).toBe(
    'https://gate.example:8443/v1',
  );
  expect(resolve({ auth: 'none', host: 'ca.api.ovh.com' }).endpoint.name).toBe('ovh-ca');
});

test('options that contradict each other, or are no text, are refused without their values', () => {
  expect(() => resolve({ appKey: 'hush', applicationKey: 'other' })).toThrow(/^the options applicationKey and appKey disagree/);
  expect(() => resolve({ endpoint: 'eu', host: 'x' })).toThrow(/endpoint and host/);
  expect(() => resolve({ host: 'evil/@x' })).toThrow(ConfigurationError);
  expect(() => resolve({ applicationKey: 42 as never })).toThrow(/applicationKey is a number/);
  expect(() => resolve({ auth: 'magic' as never })).toThrow(/none of application/);
});

test('P46: an unknown endpoint says where it was read', () => {
  const unknown = () => resolve({ auth: 'none' }, [file('local', '\n[default]\nendpoint = ovh-mars')]);
  expect(unknown).toThrow(UnknownEndpointError);
  expect(unknown).toThrow(/"ovh-mars".*\(from \/srv\/ovh\.conf:3 \[default\]\)/);
});

test('an alias looks at its own section first, then at that of the name', () => {
  const text = '[sys-eu]\nconsumer_key=CK\n[soyoustart-eu]\napplication_key=AK\napplication_secret=AS\nconsumer_key=no';
  expect(revealed(resolve({ endpoint: 'sys-eu' }, [file('local', text)]))).toEqual(APPLICATION);
  expect(revealed(resolve({ endpoint: 'soyoustart-eu' }, [file('local', text)]))).toEqual({ ...APPLICATION, consumerKey: 'no' });
});

test('G38: the section of a custom endpoint is its URL', () => {
  const text = `[http://127.0.0.1:8080/1.0]\n${KEYS}`;
  for (const endpoint of ['http://127.0.0.1:8080/1.0', 'http://127.0.0.1:8080/1.0/', 'HTTP://127.0.0.1:8080/1.0']) {
    expect(revealed(resolve({ endpoint }, [file('local', text)]))).toEqual(APPLICATION);
  }
  const literal = `[https://gate.example/1.0/]\n${KEYS}`;
  expect(revealed(resolve({ endpoint: 'https://gate.example/1.0/' }, [file('local', literal)]))).toEqual(APPLICATION);
  expect(revealed(resolve({ endpoint: 'https://api.eu.ovhcloud.com/1.0' }, [file('local', `[ovh-eu]\n${KEYS}`)]))).toEqual(APPLICATION);
});

test('X25: [DEFAULT] stands below every section of its file', () => {
  const text = `[DEFAULT]\nendpoint=ovh-ca\nconsumer_key=no\napplication_secret=AS\n[ovh-ca]\napplication_key=AK\nconsumer_key=CK`;
  const settings = resolve({}, [file('local', text)]);
  expect(settings.endpoint.name).toBe('ovh-ca');
  expect(revealed(settings)).toEqual(APPLICATION);
});

for (const [name, text, message] of [
  ['N05 G18: a secret alone', 'application_secret=hush', /^application_key is missing while .*ovh\.conf:2 \[ovh-eu\].*OVH_APPLICATION_KEY/],
  [
    'N05 G39: a key alone',
    'application_key=hush',
    /^application_secret is missing.*option applicationSecret, OVH_APPLICATION_SECRET, application_secret in \[ovh-eu\] of \/srv\/ovh\.conf/,
  ],
  ['a consumer key alone', 'consumer_key=hush', /^application_key is missing/],
  ['P42 G20 N03: an empty client_secret', 'client_id=hush\nclient_secret=', /^client_secret is missing.*OVH_CLIENT_SECRET/],
  ['N03 G43: client_secret alone', 'client_secret=hush', /^client_id is missing/],
] as const) {
  test(`${name}: the message names the missing key and where it was looked for`, () => {
    const partial = () => resolve({}, [file('local', `[ovh-eu]\n${text}`)]);
    expect(partial).toThrow(ConfigurationError);
    expect(partial).toThrow(message);
    expect(partial).not.toThrow(/hush/);
  });
}

test('P40 G21 G41: OAuth2 from a file', () => {
  expect(revealed(resolve({}, [file('local', '[ovh-eu]\nclient_id=I\nclient_secret=S')]))).toEqual({
    method: 'oauth2',
    clientId: 'I',
    clientSecret: 'S',
    tokenUrl: 'https://www.ovh.com/auth/oauth2/token',
  });
});

for (const endpoint of ['kimsufi-eu', 'sys-eu', 'https://gate.example/1.0']) {
  test(`P43 N04 G44: OAuth2 on ${endpoint} names the three endpoints that have it`, () => {
    const refused = () => resolve({ endpoint, clientId: 'I', clientSecret: 'S' });
    expect(refused).toThrow(/no OAuth2.*ovh-eu, ovh-ca, ovh-us/);
  });
}

test('OAuth2 works on a custom endpoint that says where its tokens are', () => {
  const options = { endpoint: 'http://127.0.0.1:1/1.0', tokenUrl: 'http://127.0.0.1:1/token', clientId: 'I', clientSecret: 'S' };
  expect(revealed(resolve(options))).toMatchObject({ method: 'oauth2', tokenUrl: 'http://127.0.0.1:1/token' });
});

test('G22: a token, or a function that gives one', async () => {
  expect(revealed(resolve({ accessToken: 'T' }))).toEqual({ method: 'token', accessToken: 'T' });
  expect(revealed(resolve({}, [], { OVH_ACCESS_TOKEN: 'T' }))).toEqual({ method: 'token', accessToken: 'T' });
  const provider = async () => 'T';
  expect(revealed(resolve({ accessToken: provider }))).toEqual({ method: 'token', accessToken: provider });
});

test('P41 N02 G42: two methods in one source are refused by name, unless one is chosen', () => {
  const text = `[ovh-eu]\n${KEYS}\nclient_id=I\nclient_secret=S\naccess_token=T`;
  expect(() => resolve({}, [file('local', text)])).toThrow(
    /^\/srv\/ovh\.conf: several ways.*\(application, oauth2, token\).*client_id \(\/srv\/ovh\.conf:5 \[ovh-eu\]\)/,
  );
  expect(revealed(resolve({ auth: 'oauth2' }, [file('local', text)])).method).toBe('oauth2');
  expect(revealed(resolve({ auth: 'application' }, [file('local', text)]))).toEqual(APPLICATION);
  expect(revealed(resolve({ auth: 'token' }, [file('local', text)])).accessToken).toBe('T');
});

test('P42: an empty client_id beside application keys is no second method', () => {
  expect(revealed(resolve({}, [file('local', `[ovh-eu]\n${KEYS}\nclient_id=\nclient_secret=`)]))).toEqual(APPLICATION);
});

test('a method chosen by name is not replaced by one that happens to be there', () => {
  expect(() => resolve({ auth: 'token' }, [file('local', `[ovh-eu]\n${KEYS}`)])).toThrow(/^access_token is missing/);
});

const METHOD_KEYS = {
  application: { applicationKey: 'AK', applicationSecret: 'AS' },
  oauth2: { clientId: 'I', clientSecret: 'S' },
  token: { accessToken: 'T' },
} as const;
type Method = keyof typeof METHOD_KEYS;
const METHODS = Object.keys(METHOD_KEYS) as Method[];
const LEVELS = ['option', 'env', 'explicit', 'local', 'user', 'system'] as const;

/** Sources where each of the levels given holds one method. */
function stacked(held: readonly (readonly [level: (typeof LEVELS)[number], method: Method])[]): Settings {
  let options: ConfigurationOptions = {};
  const env: Record<string, string> = {};
  const files: ConfigurationFile[] = [];
  for (const [level, method] of held) {
    const snake = Object.entries(METHOD_KEYS[method]).map(([key, value]) => [
      key.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`),
      value,
    ]);
    if (level === 'option') options = METHOD_KEYS[method];
    else if (level === 'env') for (const [key, value] of snake) env[`OVH_${key?.toUpperCase()}`] = value as string;
    else files.push(file(level, `[ovh-eu]\n${snake.map((pair) => pair.join('=')).join('\n')}`));
  }
  return resolve(options, files, env);
}

for (const [upper, lower] of [
  ['option', 'env'],
  ['option', 'local'],
  ['env', 'local'],
  ['explicit', 'local'],
  ['local', 'user'],
  ['user', 'system'],
] as const) {
  for (const high of METHODS) {
    for (const low of METHODS) {
      test(`X24: ${high} of ${upper} wins over ${low} of ${lower}`, () => {
        const settings = stacked([
          [upper, high],
          [lower, low],
        ]);
        expect(revealed(settings)).toMatchObject({ method: high, ...METHOD_KEYS[high] });
        const notUsed = settings.explain().filter((row) => row.note?.startsWith('not used'));
        expect(notUsed.length > 0).toBe(high !== low);
      });
    }
  }
}

test('X24: keys of the fixed method are completed from below, past a source with another one', () => {
  const files = [file('local', '[ovh-eu]\nclient_id=I\nclient_secret=S'), file('user', `[ovh-eu]\n${KEYS}`)];
  expect(revealed(resolve({ consumerKey: 'CK2' }, files))).toEqual({ ...APPLICATION, consumerKey: 'CK2' });
});

const PROFILES = `[default]
endpoint = ovh-ca
[ovh-ca]
application_key = no
application_secret = no
[profile:work]
endpoint = ovh-us
${KEYS}
[profile:home]
client_id = I
client_secret = S
`;

test('X26: option over OVH_PROFILE over [default] profile over none', () => {
  const text = PROFILES.replace('[default]', '[default]\nprofile = home');
  expect(resolve({}, [file('local', text)])).toMatchObject({ profile: 'home', auth: { method: 'oauth2' }, endpoint: { name: 'ovh-ca' } });
  expect(resolve({}, [file('local', text)], { OVH_PROFILE: 'work' })).toMatchObject({ profile: 'work', endpoint: { name: 'ovh-us' } });
  expect(resolve({ profile: 'home' }, [file('local', text)], { OVH_PROFILE: 'work' }).profile).toBe('home');
  expect(revealed(resolve({}, [file('local', PROFILES)]))).toMatchObject({ applicationKey: 'no' });
});

test('X26: default names no profile', () => {
  const text = PROFILES.replace('[default]', '[default]\nprofile = home');
  const settings = resolve({ profile: 'default' }, [file('local', text)], { OVH_PROFILE: 'work' });
  expect(settings.profile).toBeUndefined();
  expect(revealed(settings)).toMatchObject({ method: 'application', applicationKey: 'no' });
});

test('X26: a profile reads no section of the endpoint and no other profile; it may stand in several files', () => {
  const lacking = () => resolve({ profile: 'half' }, [file('local', `${PROFILES}[profile:half]\nendpoint=ovh-ca\napplication_key=AK`)]);
  expect(lacking).toThrow(/^application_secret is missing.*\[profile:half\]/);
  const files = [file('local', '[profile:p]\nconsumer_key=CK'), file('user', `[profile:p]\n${KEYS.replace('=CK', '=no')}`)];
  expect(revealed(resolve({ profile: 'p' }, files))).toEqual(APPLICATION);
});

test('X26: an unknown profile is told with those that exist', () => {
  expect(() => resolve({}, [file('local', PROFILES)], { OVH_PROFILE: 'gone' })).toThrow(
    /no profile "gone" \(OVH_PROFILE\): the files have home, work/,
  );
  expect(() => resolve({ profile: 'gone' })).toThrow(/no file defines any/);
});

test('X26: the environment wins over a profile, with a warning when the profile was asked for', () => {
  const settings = resolve({ profile: 'work' }, [file('local', PROFILES)], { OVH_CONSUMER_KEY: 'E' });
  expect(revealed(settings)).toMatchObject({ consumerKey: 'E', applicationKey: 'AK' });
  expect(settings.warnings.map((warning) => warning.message)).toEqual(['OVH_CONSUMER_KEY of the environment win over the profile work']);
});

test('headers come from the options, OVH_HTTP_HEADERS_n and header.*, the higher source wins', () => {
  const text = `[ovh-eu]\n${KEYS}\nheader.X-A = file\nheader.X-B = file\nheader.X-C = file\n[DEFAULT]\nheader.X-C = no\nheader.X-D = default`;
  const env = { OVH_HTTP_HEADERS_0: 'x-b: env', OVH_HTTP_HEADERS_1: 'X-E:a:b', OVH_HTTP_HEADERS_3: 'X-After-Gap: no' };
  expect(resolve({ headers: { 'x-a': 'option' } }, [file('local', text)], env).headers).toEqual({
    'x-a': 'option',
    'x-b': 'env',
    'X-C': 'file',
    'X-D': 'default',
    'X-E': 'a:b',
  });
});

test('headers that cannot be sent are refused where they are configured', () => {
  expect(() => resolve({ auth: 'none' }, [], { OVH_HTTP_HEADERS_0: 'hush' })).toThrow(/^OVH_HTTP_HEADERS_0 is not of the form/);
  expect(() => resolve({ auth: 'none' }, [], { OVH_HTTP_HEADERS_0: 'X A: hush' })).toThrow(/^OVH_HTTP_HEADERS_0: the header name/);
  expect(() => resolve({ auth: 'none' }, [file('local', '[ovh-eu]\nheader.X-A = h\u20acush')])).toThrow(
    /^\/srv\/ovh\.conf:2: the header X-A/,
  );
});

test('the default project of the command line is kept', () => {
  expect(resolve({ auth: 'none' }, [], { OVH_CLOUD_PROJECT_SERVICE: 'abc' }).cloudProject).toBe('abc');
});

test('P37 P39 G33 G35: a named file that is missing and a directory are errors; a refused one is a warning', () => {
  const without = (kind: FileKind, problem: ConfigurationFile['problem']) => file(kind, '', { text: undefined, problem });
  expect(() => resolve({ auth: 'none' }, [without('explicit', 'missing')])).toThrow('/my.conf does not exist');
  expect(() => resolve({ auth: 'none' }, [without('user', 'directory')])).toThrow('/home/u/.ovh.conf is a directory');
  expect(resolve({ auth: 'none' }, [without('system', 'denied')]).warnings.map((warning) => warning.file)).toEqual(['/etc/ovh.conf']);
});

test('the names of files that no client reads are warned of', () => {
  const retired = file('retired', '', { text: undefined });
  expect(resolve({ auth: 'none' }, [retired]).warnings).toMatchObject([{ file: '/etc/ovh.cfg' }]);
});

test('X27: a file with secrets that others may read is warned of', () => {
  const warnings = (text: string, mode: number) => resolve({ auth: 'none' }, [file('user', text, { mode })]).warnings.length;
  expect([warnings('[a]\nconsumer_key=x', 0o640), warnings('[a]\nclient_secret=x', 0o604)]).toEqual([1, 1]);
  expect([
    warnings('[a]\nconsumer_key=x', 0o600),
    warnings('[default]\nendpoint=eu', 0o644),
    warnings('[a]\nconsumer_key=', 0o644),
  ]).toEqual([0, 0, 0]);
});

test('X25: what stands twice is warned of with its place', () => {
  expect(resolve({}, [file('local', `[ovh-eu]\n${KEYS}\nconsumer_key=CK`)]).warnings).toEqual([
    { message: '/srv/ovh.conf:5: consumer_key stands twice in [ovh-eu]; what is said last counts', file: '/srv/ovh.conf', line: 5 },
  ]);
});

test('explain() says of every key whether it is there, and from where', () => {
  const settings = resolve(
    { applicationSecret: 'hush' },
    [file('local', `[default]\nendpoint=ovh-eu\n[ovh-eu]\n${KEYS}\nheader.X-A=hush`)],
    { OVH_APPLICATION_SECRET: 'hush', OVH_CLIENT_ID: '' },
  );
  const rows = settings
    .explain()
    .map(({ key, present, source, name, line, shown, note }) => [key, present, source, name, line, shown, note]);
  expect(rows).toEqual([
    ['endpoint', true, 'file', '[default]', 2, 'ovh-eu', undefined],
    ['profile', false, undefined, undefined, undefined, undefined, undefined],
    ['application_key', true, 'file', '[ovh-eu]', 4, 'AK…', undefined],
    ['application_secret', true, 'option', 'applicationSecret', undefined, undefined, undefined],
    ['application_secret', true, 'environment', 'OVH_APPLICATION_SECRET', undefined, undefined, 'hidden by option applicationSecret'],
    ['application_secret', true, 'file', '[ovh-eu]', 5, undefined, 'hidden by option applicationSecret'],
    ['consumer_key', true, 'file', '[ovh-eu]', 6, undefined, undefined],
    ['client_id', false, undefined, undefined, undefined, undefined, undefined],
    ['client_secret', false, undefined, undefined, undefined, undefined, undefined],
    ['access_token', false, undefined, undefined, undefined, undefined, undefined],
    ['header.X-A', true, 'file', '[ovh-eu]', 7, undefined, undefined],
  ]);
});

test('X23: neither inspection nor JSON of a configuration shows a secret', () => {
  const hush = 'hush-7c1e';
  const text = `[ovh-eu]\napplication_key=AKxx${hush}\napplication_secret=${hush}\nconsumer_key=${hush}`;
  const settings = resolve({}, [file('local', text)]);
  const oauth2 = resolve({ clientId: hush, clientSecret: hush });
  for (const value of [settings, settings.explain(), oauth2, resolve({ accessToken: hush })]) {
    const shown = [inspect(value, { depth: null, showHidden: true }), JSON.stringify(value), String(value)].join();
    expect(shown).not.toContain(hush);
  }
  expect(`${(settings.auth as { applicationKey: Secret }).applicationKey}`).toBe('AKxx…');
});

test('every endpoint resolves with keys of its own section', () => {
  for (const { name } of endpoints)
    expect(resolve({}, [file('local', `[default]\nendpoint=${name}\n[${name}]\n${KEYS}`)]).endpoint.name).toBe(name);
});
