import { expect, test } from 'vitest';
import {
  choice,
  configReference,
  duration,
  flag,
  integer,
  kernelSections,
  LoggingSection,
  list,
  loadConfig,
  networks,
  obsolete,
  path,
  SecuritySection,
  ServerSection,
  SslSection,
  sampleConfig,
  secret,
  section,
  showConfig,
  text,
  url,
} from './index.ts';

const CloudStack = section(
  'cloudstack',
  { endpoint: url({ doc: 'Endpoint.' }), secret_key: secret({ optional: true, doc: 'Key.' }) },
  { doc: 'Cloud.' },
);
const Image = section(
  'image',
  {
    enabled: flag({ default: true, doc: 'On.' }),
    roots: list({ default: [], doc: 'Roots.' }),
    internal_token: obsolete({ doc: 'tickets took its place' }),
  },
  { doc: 'Images.', aliases: ['imageio'] },
);
const Ovirt = section(
  'ovirt',
  { enabled: flag({ default: true, doc: 'On.' }), token_idle: duration({ default: '1h', max: '24h', doc: 'Idle.' }) },
  { doc: 'oVirt.' },
);
const Profile = section(
  'ovirt profile',
  { zones: list({ optional: true, doc: 'Zones.' }), mode: choice({ oneOf: ['a', 'b'], doc: 'Mode.' }) },
  { doc: 'P.', named: 'name' },
);
const sections = [...kernelSections, Image, CloudStack, Ovirt, Profile] as const;
const hmac = 'correct-horse-battery-staple-4711-0815';

function load(content: string, more: Partial<Parameters<typeof loadConfig>[0]> = {}) {
  return loadConfig({ file: '/etc/fairlead/fairlead.ini', text: content, env: {}, sections, ...more });
}

function reportOf(content: string, more: Partial<Parameters<typeof loadConfig>[0]> = {}): string[] {
  try {
    load(content, more);
  } catch (error) {
    expect(error).toMatchObject({ code: 'FAIRLEAD_CONFIG' });
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

test('the config.ini of the older program works as it is', () => {
  const config = load(
    [
      '[server]',
      'host = 0.0.0.0',
      'port = 8443',
      'path = /ovirt-engine',
      'public_ip =',
      '[ssl]',
      'ca_cert_file = ./certs/root-ca.crt',
      'ca_key_file = ./certs/root-ca.key   # Required only if cert_file or key_file are missing',
      'cert_file = ./certs/server.crt',
      'key_file  = ./certs/server.key',
      '[cloudstack]',
      'endpoint = https://cloudstack.mgmt.server/client/api',
      '[security]',
      `hmac_secret = ${hmac}`,
      '[logging]',
      'level = DEBUG',
      'file = ./logs/ovirt.log',
      '[imageio]',
      'internal_token = 1234567890     # The token',
    ].join('\n'),
    { groups: [[Ovirt, Profile, CloudStack], [Image]] },
  );
  const values = config.values(ServerSection, SslSection, LoggingSection, CloudStack, Image, Ovirt);

  expect(values.server).toMatchObject({
    host: '0.0.0.0',
    port: 8443,
    path: '/ovirt-engine',
    public_ip: [],
    state_dir: '/var/lib/fairlead',
  });
  expect(values.ssl.ca_key_file).toBe('/etc/fairlead/certs/root-ca.key');
  expect(values.logging).toEqual({ level: 'debug', file: '/etc/fairlead/logs/ovirt.log' });
  expect(values.cloudstack.endpoint).toBe('https://cloudstack.mgmt.server/client/api');
  expect(config.on([Ovirt, CloudStack])).toBe(true);
  expect(config.has('image')).toBe(true);
  expect(config.warnings).toEqual(['fairlead.ini:19: [image] internal_token is unused: tickets took its place']);
});

test('the secret of the published sample is refused', () => {
  expect(reportOf('[security]\nhmac_secret = very-long-random-secret\n')).toEqual([
    'fairlead.ini:2: [security] hmac_secret: found 23 bytes; allowed: at least 32 bytes, or @/path of a file that holds it',
  ]);
  expect(reportOf('[security]\nhmac_secret = please-change-me-to-a-long-random-secret\n')[0]).toContain('found a published placeholder');
});

test('all mistakes are reported together, with file, line, key, found and allowed', () => {
  const report = reportOf(
    [
      '[server]',
      'prot = 1',
      'port = 70000',
      'port = 2',
      '[loging]',
      'level = loud',
      '[logging]',
      'level = loud',
      '[ovirt]',
      'token_idle = 25h',
      'enabled = perhaps',
      '[cloudstack]',
      'endpoint = ftp://u:p@x',
      '[ovirt profile a]',
      'mode = c',
      'nonsense',
    ].join('\n'),
    { env: { FAIRLEAD_SERVER_PORT: 'x' }, needed: [SecuritySection], overrides: { audit: { keep: '1h' }, nowhere: { a: 'b' } } },
  );

  expect(report.map((line) => line.split('; allowed: ')[0])).toEqual([
    'fairlead.ini:4: [server] port: found the key again, first on line 3',
    'fairlead.ini:16: [ovirt profile a]: found a line that is no key',
    'fairlead.ini:2: [server] prot: found an unknown key (did you mean port?)',
    'fairlead.ini:5: [loging]: found an unknown section (did you mean logging?)',
    'command line: [nowhere]: found an unknown section',
    'FAIRLEAD_SERVER_PORT: [server] port: found "x"',
    'fairlead.ini:8: [logging] level: found "loud"',
    'command line: [audit] keep: found "1h"',
    'fairlead.ini:13: [cloudstack] endpoint: found a URL with user or password in it',
    'fairlead.ini:11: [ovirt] enabled: found "perhaps"',
    'fairlead.ini:10: [ovirt] token_idle: found "25h"',
    'fairlead.ini:15: [ovirt profile a] mode: found "c"',
    '/etc/fairlead/fairlead.ini: [security] hmac_secret: found nothing',
  ]);
  expect(report[5]).toContain('allowed: a port, 0 (any free one) to 65535');
});

test('imageio 17.123: command line wins over environment, environment over file, file over default', () => {
  const content = '[server]\nport = 1\nhost = a\npath = /x\n';
  const config = load(content, { env: { FAIRLEAD_SERVER_PORT: '2', FAIRLEAD_SERVER_HOST: 'b' }, overrides: { server: { port: '3' } } });

  expect(config.value(ServerSection)).toMatchObject({ port: 3, host: 'b', path: '/x', run_dir: '/run/fairlead' });
  expect(config.sources.filter((one) => one.title === '[server]').map((one) => [one.key, one.source])).toEqual(
    expect.arrayContaining([
      ['port', 'command line'],
      ['host', 'FAIRLEAD_SERVER_HOST'],
      ['path', 'fairlead.ini:4'],
      ['run_dir', 'default'],
    ]),
  );
});

test('a variable finds the section of a free name, in the file or not, and through an alias', () => {
  const content = '[ovirt profile Ost-1]\nzones = z1\n';
  const config = load(content, {
    env: { FAIRLEAD_OVIRT_PROFILE_OST_1_MODE: 'a', FAIRLEAD_OVIRT_PROFILE_WEST_MODE: 'b', FAIRLEAD_IMAGEIO_ROOTS: '/a, /b' },
  });

  expect(config.value(Profile)).toEqual({ 'Ost-1': { zones: ['z1'], mode: 'a' }, west: { mode: 'b' } });
  expect(config.value(Image).roots).toEqual(['/a', '/b']);
});

test('an unknown variable of a known section is a warning, a foreign one is nothing', () => {
  const config = load('', { env: { FAIRLEAD_SERVER_PROT: '1', FAIRLEAD_TEST_ALL: '1', FAIRLEAD_CONFIG: 'x', PATH: '/bin' } });

  expect(config.warnings).toEqual(['FAIRLEAD_SERVER_PROT sets no known key (did you mean FAIRLEAD_SERVER_PORT?)']);
});

test('a group is on when a section of it is there and nothing turns it off; then all its keys are needed', () => {
  const groups = [[Ovirt, CloudStack]];

  expect(load('', { groups }).on([Ovirt, CloudStack])).toBe(false);
  expect(load('[ovirt]\nenabled = off\n', { groups }).on([Ovirt, CloudStack])).toBe(false);
  expect(reportOf('[ovirt]\n', { groups })[0]).toContain('[cloudstack] endpoint: found nothing');
  expect(() => load('').value(CloudStack)).toThrow(expect.objectContaining({ code: 'FAIRLEAD_CONFIG' }));
});

test('the same section under its older and its newer name is a mistake', () => {
  expect(reportOf('[image]\nroots = /a\n[imageio]\nroots = /b\n')).toEqual([
    'fairlead.ini:3: [imageio]: found the same section as on fairlead.ini:1 under another name; allowed: each section once',
  ]);
});

test.each([
  [duration({ doc: '' }), '90', 90_000],
  [duration({ doc: '' }), '2m', 120_000],
  [duration({ doc: '' }), '1D', 86_400_000],
  [integer({ min: -5, doc: '' }), '-5', -5],
  [flag({ doc: '' }), 'Yes', true],
  [flag({ doc: '' }), '0', false],
  [choice({ oneOf: ['a'], synonyms: { OTHER: 'a' }, doc: '' }), 'other', 'a'],
  [list({ doc: '' }), 'a, b  c,', ['a', 'b', 'c']],
  [path({ doc: '' }), '../x', '/etc/x'],
  [text({ oneOf: ['x'], doc: '' }), 'x', 'x'],
  [networks({ doc: '' }), '192.0.2.0/24, ::1', ['192.0.2.0/24', '::1']],
  [ServerSection.fields.path, '/a/b-c', '/a/b-c'],
] as const)('reads %#', (field, given, value) => {
  expect(field.read(given, '/etc/fairlead')).toEqual(value);
});

test.each([
  [duration({ min: '1m', doc: '' }), '59'],
  [duration({ doc: '' }), '1.5h'],
  [duration({ doc: '' }), '-1s'],
  [integer({ doc: '' }), '1e3'],
  [integer({ max: 3, doc: '' }), '4'],
  [integer({ doc: '' }), '99999999999999999'],
  [integer({ oneOf: [1, 2], doc: '' }), '3'],
  [list({ oneOf: ['a'], doc: '' }), 'a b'],
  [list({ max: 1, doc: '' }), 'a b'],
  [url({ doc: '' }), 'https://user:pass@host/'],
  [url({ doc: '' }), 'host'],
  [text({ max: 2, doc: '' }), 'aüb'],
  [text({ oneOf: ['x'], doc: '' }), 'y'],
  [networks({ doc: '' }), '192.0.2.0/33'],
  [networks({ doc: '' }), '::1, example.org'],
  [ServerSection.fields.path, '/'],
  [ServerSection.fields.path, '/a/'],
  [ServerSection.fields.path, 'a'],
] as const)('refuses %#', (field, given) => {
  expect(() => field.read(given, '/')).toThrow(RangeError);
});

test('no secret stands in a mistake or in what is shown', () => {
  const content = `[security]\nhmac_secret = ${hmac}\n[store]\nurl = postgres://u:p%40ss-4711@h/d\n[cloudstack]\nendpoint = https://h/\nsecret_key = @/etc/key\n`;
  const short = '[security]\nhmac_secret = hush-4711\nhmac_secrte = hush-4711\n';
  const env = { FAIRLEAD_CLOUDSTACK_SECRET_KEY: 'from-the-environment' };
  const config = load(content, { env });

  expect(reportOf(short).join()).not.toContain('hush');
  expect(showConfig(config)).toContain('hmac_secret = ********  # fairlead.ini:2');
  expect(showConfig(config)).not.toMatch(/4711|environment\b(?!.*FAIRLEAD)/);
  expect(config.secrets).toEqual(
    expect.arrayContaining([hmac, 'from-the-environment', 'postgres://u:p%40ss-4711@h/d', 'p%40ss-4711', 'p@ss-4711']),
  );
});

test('the sample names every key at its default and says nothing by itself', () => {
  const sample = sampleConfig(sections);
  const active = sample
    .replace(/^;/gm, '')
    .replace('endpoint =', 'endpoint = https://h/')
    .replace('hmac_secret =', `hmac_secret = ${hmac}`)
    .replace('[ovirt profile]', '[ovirt profile x]')
    .replace('mode =', 'mode = a');

  expect(load(sample).value(ServerSection)).toEqual(load('').value(ServerSection));
  expect(load(active).value(ServerSection)).toEqual(load('').value(ServerSection));
  expect(load(active).has('ovirt')).toBe(true);
  expect(sample).not.toContain('internal_token');
});

test('the reference has a row for every key', () => {
  const reference = configReference(sections);

  for (const one of sections) for (const key of Object.keys(one.fields)) expect(reference).toContain(`| \`${key}\` |`);
  expect(reference).toContain('## `[ovirt profile <name>]`');
  expect(reference).toContain('Also read as `[imageio]`.');
});

test('a secret in the value of another key is not told in the mistake', () => {
  const hush = 'hush-4711-hush-4711-hush-4711-hush-4711';
  const text = `[security]\nhmac_secret = ${hush}\n[audit]\nkeep = 4d ${hush}\n`;
  const failure = (() => {
    try {
      return loadConfig({ text, env: {}, sections: kernelSections });
    } catch (error) {
      return error as Error;
    }
  })();

  expect(failure).toMatchObject({ code: 'FAIRLEAD_CONFIG' });
  expect(`${failure}`).toContain('[audit] keep');
  expect(`${failure}${JSON.stringify(failure)}`).not.toContain(hush);
});

test('a bridge of two halves is on while one of them is there and not off', () => {
  const half = (name: string) => section(name, { enabled: flag({ default: true, doc: 'On.' }) }, { doc: 'Half.' });
  const [first, second] = [half('first'), half('second')];
  const on = (text: string) => loadConfig({ text, env: {}, sections: [first, second] }).on([first, second]);
  expect(['', '[first]', '[second]', '[first]\nenabled = no\n[second]', '[first]\n[second]\nenabled = no'].map(on)).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
  expect(['[first]\nenabled = no', '[first]\nenabled = no\n[second]\nenabled = no'].map(on)).toEqual([false, false]);
});
