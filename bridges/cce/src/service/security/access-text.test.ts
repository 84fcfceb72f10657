import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listedNetwork, narrowestOf, parseAccessLine } from './access-entry.ts';
import { changedAccessText, readAccessText } from './access-text.ts';

const SECRET = 'Asdf0123456789Asdf0123456789Asd';

test.each([
  [`191.89.131.84:${SECRET}`, { network: '191.89.131.84', secret: SECRET }],
  [`191.89.131.84/32:${SECRET}`, { network: '191.89.131.84', secret: SECRET }],
  [`10.1.2.3/8:${SECRET}`, { network: '10.0.0.0/8', secret: SECRET }],
  [`2001:db8::/32:${SECRET}`, { network: '2001:db8::/32', secret: SECRET }],
  [`  2001:DB8::5 : ${SECRET} `, { network: '2001:db8::5', secret: SECRET }],
  [`*:${SECRET}`, { network: '*', secret: SECRET }],
  [
    `10.0.0.5:${SECRET}:user=reseller1:verbs=GET,find,SET:classes=Vsite,User:expires=2026-01-01`,
    {
      network: '10.0.0.5',
      secret: SECRET,
      user: 'reseller1',
      verbs: new Set(['GET', 'FIND', 'SET']),
      classes: new Set(['Vsite', 'User']),
      expiresMs: Date.UTC(2026, 0, 1),
    },
  ],
  [`10.0.0.5:${SECRET}:expires=2026-01-01T10:00:00+01:00`, { network: '10.0.0.5', secret: SECRET, expiresMs: Date.UTC(2026, 0, 1, 9) }],
])('%s is read', (line, entry) => {
  expect(parseAccessLine(line)).toEqual(entry);
});

test.each([
  '10.0.0.5',
  '10.0.0.5:',
  '10.0.0.5:tooshort',
  `10.0.0.5:${'x'.repeat(129)}`,
  `10.0.0.5:${SECRET}:scope=all`,
  `10.0.0.5:${SECRET}:verbs=`,
  `10.0.0.5:${SECRET}:verbs=GET:verbs=SET`,
  `10.0.0.5:${SECRET}:user=`,
  `10.0.0.5:${SECRET}:expires=soon`,
  `10.0.0.5:${SECRET}:expires=2026-02-31`,
  `example.net:${SECRET}`,
  `10.0.0.0/33:${SECRET}`,
  `10.0.0.5:secret with white space`,
  ':::::',
])('%s opens nothing', (line) => {
  expect(parseAccessLine(line)).toBeUndefined();
});

test('comments and lines that are not understood stay, entries that are not wanted go, those that are missing come', () => {
  const text = `# mine\r\n10.0.0.5:${SECRET}\n\n10.0.0.6:${SECRET}\nnonsense\n10.0.0.5/32:another-secret-of-mine\n`;
  const change = { wanted: new Set(['10.0.0.5', '2001:db8::/32']), newSecret: () => 'N'.repeat(32) };

  expect(changedAccessText(text, change)).toBe(
    `# mine\n10.0.0.5:${SECRET}\n\nnonsense\n10.0.0.5/32:another-secret-of-mine\n2001:db8::/32:${'N'.repeat(32)}\n`,
  );
  expect(readAccessText(text)).toMatchObject({ ignored: [5, 6] });
  expect(readAccessText(text).entries.get('10.0.0.5')?.secret).toBe(SECRET);
});

test('the narrowest network that holds an address decides', () => {
  const listed = ['*', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '2001:db8::/32', '2001:db8::7'].map(listedNetwork);
  const found = (address: string) => narrowestOf(listed, address)?.network;

  expect(['10.1.2.3', '10.1.2.4', '10.2.0.1', '192.0.2.1', '2001:db8::7', '2001:db8::8'].map(found)).toEqual([
    '10.1.2.3',
    '10.1.0.0/16',
    '10.0.0.0/8',
    '*',
    '2001:db8::7',
    '2001:db8::/32',
  ]);
  expect(narrowestOf(listed.slice(1), '192.0.2.1')).toBeUndefined();
});

test('any file gives entries whose lines are read the same again, and a wanted entry always has a secret', async () => {
  const samples = [`10.0.0.5:${SECRET}`, `2001:db8::/32:${SECRET}:user=a:verbs=GET:expires=2026-01-01`, `*:${SECRET}`, '# comment'];
  const texts = fc.oneof(mutatedText([samples.join('\n')], [...samples, ':', '\n', '\r', ':user=', '/0']), hostileText({ words: samples }));
  await fuzz(
    'cce.access-file',
    fc.tuple(texts, fc.uniqueArray(fc.constantFrom('10.0.0.5', '192.0.2.0/24', '2001:db8::/32', '*'))),
    ([text, wanted]) => {
      const changed = changedAccessText(text, { wanted: new Set(wanted), newSecret: () => 'N'.repeat(32) });
      const before = readAccessText(text).entries;
      const after = readAccessText(changed).entries;
      expect([...after.keys()].sort()).toEqual([...wanted].sort());
      for (const [network, entry] of after) expect(entry).toEqual(before.get(network) ?? { network, secret: 'N'.repeat(32) });
      expect(changedAccessText(changed, { wanted: new Set(wanted), newSecret: () => 'never' })).toBe(changed);
    },
    { share: 4 },
  );
});
