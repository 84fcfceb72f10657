import { fuzz, hostileText, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationMs, durationWords } from './durations.ts';
import {
  duration,
  integer,
  kernelSections,
  LoggingSection,
  list,
  loadConfig,
  networks,
  path,
  port,
  SecuritySection,
  ServerSection,
  sampleConfig,
  secret,
  text,
  url,
} from './index.ts';
import { readIni, readKeys } from './ini.ts';

const SECRET = 'hush-4711-hush-4711-hush-4711-hush-4711';
const FILE = `[server]\nhost = 192.0.2.1\nport = 8443\npath = /ovirt-engine\ntrusted_proxies = 10.0.0.0/8, ::1\n\n[security]\nhmac_secret = ${SECRET}\n\n[logging]\nlevel = DEBUG\n\n[audit]\nkeep = 400d\n`;
const WORDS = [
  '[server]',
  '[security]',
  '[logging]',
  'port = ',
  'keep = ',
  '\n',
  ' # ',
  ' ; ',
  '=',
  '65536',
  '9999999999d',
  '@/dev/null',
  '/64',
];

test('any configuration is refused with all mistakes and no secret, or read within its limits', async () => {
  const files = fc.oneof(mutatedText([FILE, sampleConfig(kernelSections)], WORDS), hostileText({ words: WORDS }));
  const values = fc.dictionary(
    fc.constantFrom(
      'FAIRLEAD_SERVER_PORT',
      'FAIRLEAD_SERVER_HOST',
      'FAIRLEAD_AUDIT_KEEP',
      'FAIRLEAD_NOPE',
      'FAIRLEAD_SECURITY_HMAC_SECRET',
    ),
    hostileText({ maxLength: 20, words: ['1', '30s'] }),
    { maxKeys: 2 },
  );
  await fuzz(
    'kernel.config',
    fc.tuple(files, values),
    ([content, env]) => {
      const config = refusedWith(/^FAIRLEAD_CONFIG$/, () => {
        try {
          return loadConfig({ text: content, env, sections: kernelSections });
        } catch (error) {
          expect(`${error}${JSON.stringify(error)}`).not.toContain(SECRET);
          throw error;
        }
      });
      if (config === undefined) return false;
      const server = config.value(ServerSection);
      expect(server.port).toSatisfy((value: number) => Number.isSafeInteger(value) && value >= 0 && value <= 65_535);
      expect(server.path).toMatch(/^(\/[A-Za-z0-9._~-]+)+$/);
      expect(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).toContain(config.value(LoggingSection).level);
      if (config.has('security')) expect(Buffer.byteLength(config.value(SecuritySection).hmac_secret)).toBeGreaterThanOrEqual(32);
      expect(JSON.stringify(config.warnings)).not.toContain(SECRET);
      return true;
    },
    { share: 6, someAccepted: true },
  );
});

test('what is read of a file can be written and read again', async () => {
  await fuzz(
    'kernel.ini-again',
    fc.oneof(mutatedText([FILE], WORDS), hostileText({ words: WORDS })),
    (content) => {
      const { sections } = readIni(content);
      const again = sections
        .map(({ title, entries }) => `[${title}]\n${entries.map(({ key, value }) => `${key}=${value}\n`).join('')}`)
        .join('');
      const plain = (read: typeof sections) => read.map(({ title, entries }) => [title, entries.map(({ key, value }) => [key, value])]);
      expect(plain(readIni(again).sections)).toEqual(plain(sections));
    },
    { share: 4 },
  );
});

test('a file of another program has keys alone: a section in it is a mistake, and all is read the same when written again', async () => {
  const other = 'unix_socket_path = /a.socket\n# a comment\nlisten_address = 127.0.0.1:9092 ; here\napi_access =\n';
  await fuzz('kernel.ini-keys', fc.oneof(mutatedText([other], WORDS), hostileText({ words: WORDS })), (content) => {
    const { sections, mistakes } = readKeys(content, 'cce');
    expect(sections.map(({ title }) => title)).toEqual(['cce']);
    const pairs = (read: typeof sections) => read.flatMap(({ entries }) => entries.map(({ key, value }) => [key, value]));
    const again = readKeys(
      pairs(sections)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
      'cce',
    );
    expect([pairs(again.sections), again.mistakes]).toEqual([pairs(sections), []]);
    return mistakes.length === 0;
  });
});

test('any text of any kind of setting is refused with a RangeError, or lies in its range', async () => {
  const doc = 'x';
  const fields = {
    port: [port({ doc }), (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 65_535],
    integer: [integer({ doc, min: -5, max: 5 }), (value: unknown) => Number.isSafeInteger(value) && Math.abs(Number(value)) <= 5],
    duration: [duration({ doc, min: '1s', max: '400d' }), (value: unknown) => Number(value) >= 1000 && Number(value) <= 400 * 86_400_000],
    free: [duration({ doc }), (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0],
    url: [url({ doc }), (value: unknown) => ['http:', 'https:'].includes(new URL(String(value)).protocol) && !String(value).includes('@')],
    list: [list({ doc, max: 10 }), (value: unknown) => Array.isArray(value) && value.length <= 10],
    networks: [networks({ doc }), (value: unknown) => Array.isArray(value) && value.every((one) => /^[0-9a-f.:]+(\/\d{1,3})?$/i.test(one))],
    text: [text({ doc, min: 2, max: 8 }), (value: unknown) => Buffer.byteLength(String(value)) <= 8],
    secret: [secret({ doc, min: 4 }), (value: unknown) => Buffer.byteLength(String(value)) >= 4],
    path: [path({ doc }), (value: unknown) => String(value).startsWith('/')],
  } as const;
  const samples = [
    '8443',
    '-5',
    '30s',
    '400d',
    '999999999999d',
    'https://cloud.example/client/api',
    '10.0.0.0/8, ::1/128',
    '::ffff:1.2.3.4/120',
    'a, b',
    './x',
    '01',
    '１',
  ];
  const inputs = fc.tuple(fc.constantFrom(...Object.values(fields)), fc.oneof(mutatedText(samples), hostileText({ words: samples })));
  await fuzz(
    'kernel.settings',
    inputs,
    ([[field, isGood], value]) => {
      try {
        expect(field.read(value, '/etc')).toSatisfy(isGood);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    },
    { share: 6 },
  );
});

test('a duration in words is the same duration', async () => {
  await fuzz('kernel.duration', fc.nat({ max: 10_000_000 }), (seconds) => {
    expect(durationMs(durationWords(seconds * 1000))).toBe(seconds * 1000);
  });
});
