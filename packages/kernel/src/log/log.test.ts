import { expect, test } from 'vitest';
import { createLog, Scrubber, silentLog } from './index.ts';

function capture(options: { level?: string; scrubber?: Scrubber } = {}) {
  const lines: string[] = [];
  const log = createLog({ level: 'trace', ...options, destination: { write: (line) => void lines.push(line) } });
  return { log, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

test('writes one JSON line with level, time and fields', () => {
  const { log, last } = capture();

  log.child({ bridge: 'ovirt' }).warn({ vm: 'a' }, 'job failed');

  expect(last()).toMatchObject({ level: 'warn', bridge: 'ovirt', vm: 'a', msg: 'job failed', time: expect.stringMatching(/^\d{4}-.*Z$/) });
});

test.each([
  'password',
  'secret',
  'secretKey',
  'api_key',
  'apikey',
  'signature',
  'sessionkey',
  'Authorization',
  'cookie',
  'Set-Cookie',
  'token',
  'access_token',
  'ticket',
  'custom_script',
  'userData',
  'hmac_secret',
])('masks %s at every depth, in children and in errors', (key) => {
  const { log, text } = capture();
  const hidden = { [key]: 'hush-4711' };

  log.info(hidden, 'top');
  log.info({ a: hidden, b: { c: hidden }, d: { e: { f: hidden } }, g: [hidden] }, 'deeper');
  log.info({ [key]: { parts: ['hush-4711'] } }, 'an object');
  log.child(hidden).info('child');
  log.error({ err: Object.assign(new Error('failed'), { request: { headers: hidden } }) }, 'error');
  log.error(Object.assign(new Error('failed'), hidden));

  expect(text()).not.toContain('hush');
  expect(text()).toContain('[secret]');
});

test('an error keeps its message, code and cause', () => {
  const { log, last } = capture();

  log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');

  expect(last().err).toMatchObject({ type: 'Error', message: expect.stringContaining('outer'), stack: expect.stringContaining('inner') });
});

test('circular, deep and binary fields are cut, not followed', () => {
  const { log, last } = capture();
  const loop: Record<string, unknown> = { bytes: Buffer.alloc(10) };
  loop.self = loop;

  log.info({ loop, size: 5n }, 'odd');

  expect(last()).toMatchObject({ loop: { bytes: '[10 bytes]', self: { self: { self: '[deep]' } } } });
});

test('known secrets are blotted out wherever they turn up', () => {
  const scrubber = new Scrubber();
  const { log, text } = capture({ scrubber });
  scrubber.add('correct "horse" 4711', 'short');

  log.info({ url: 'https://h/?x=correct "horse" 4711' }, 'asked with correct "horse" 4711 in short');

  expect(text()).not.toContain('horse');
  expect(text()).toContain('in short');
});

test('the scrubber forgets the oldest beyond its bound', () => {
  const scrubber = new Scrubber();
  scrubber.add('the-very-first-secret');
  for (let index = 0; index < 2000; index++) scrubber.add(`secret-number-${index}`);

  expect(scrubber.scrub('secret-number-1999')).toBe('[secret]');
  expect(scrubber.scrub('the-very-first-secret')).toBe('the-very-first-secret');
});

test.each([
  ['WARNING', 'warn'],
  ['CRITICAL', 'fatal'],
  ['DEBUG', 'debug'],
  ['nonsense', 'info'],
])('level %s means %s', (word, level) => {
  expect(capture({ level: word }).log.level).toBe(level);
});

test('the silent log is silent', () => {
  expect(silentLog().isLevelEnabled('fatal')).toBe(false);
});

test('of a request only method and path are written, of an answer its status', () => {
  const { log, last, text } = capture();

  log.info(
    {
      req: { method: 'GET', url: '/sso?token=hush-4711', headers: { authorization: 'hush-4711' } },
      res: { statusCode: 200, body: 'hush-4711' },
    },
    'done',
  );

  expect(last()).toMatchObject({ req: { method: 'GET', path: '/sso' }, res: { status: 200 } });
  expect(text()).not.toContain('hush');
});
