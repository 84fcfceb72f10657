import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { duration, flag, integer, list, loadConfig, path, section } from '../src/config/index.ts';

const Older = section(
  'proxy',
  {
    conf_file: path({ optional: true, doc: 'A file of the older program.' }),
    enable_http: flag({ default: false, doc: 'HTTP.' }),
    fails: integer({ default: 5, min: 1, doc: 'Fails.' }),
    ban: duration({ default: '60s', doc: 'Ban.' }),
    access: list({ default: [], doc: 'Who.' }),
    cert: path({ optional: true, doc: 'Certificate.' }),
  },
  { doc: 'P.', fileKey: 'conf_file' },
);

async function load(content: string, { own = '', env = {} }: { own?: string; env?: Record<string, string> } = {}) {
  await using folder = await tempDir();
  await writeFile(join(folder.path, 'older.conf'), content);
  const text = `[proxy]\nconf_file = older.conf\n${own}`;
  const config = loadConfig({ file: join(folder.path, 'fairlead.ini'), text, env, sections: [Older] });
  return { values: config.value(Older), warnings: config.warnings, sources: config.sources, folder: folder.path };
}

test('keys of the named file are read like those of the section, white space and comments and line ends of any system', async () => {
  const { values, folder } = await load(
    '# the older program\r\n  enable_http   =   YES  \r\nfails=7\r\n\r\nban = 90 # seconds\r\naccess = 10.0.0.5,  192.0.2.0/24 ,2001:db8::/32\r\ncert = certs/a.pem\r\n',
  );

  expect(values).toMatchObject({ enable_http: true, fails: 7, ban: 90_000, access: ['10.0.0.5', '192.0.2.0/24', '2001:db8::/32'] });
  expect(values.cert).toBe(join(folder, 'certs/a.pem'));
});

test.each(['true', 'TRUE', '1', 'yes'])('%s is true, its opposite false', async (word) => {
  const opposite = { true: 'false', TRUE: 'False', '1': '0', yes: 'no' }[word];

  expect((await load(`enable_http = ${word}\n`)).values.enable_http).toBe(true);
  expect((await load(`enable_http = ${opposite}\n`, { own: '' })).values.enable_http).toBe(false);
});

test('environment wins over the section, the section over the named file, that over the default', async () => {
  const { values, sources } = await load('fails = 7\nban = 90\nenable_http = true\n', {
    own: 'fails = 8\nban = 30\n',
    env: { FAIRLEAD_PROXY_FAILS: '9' },
  });

  expect(values).toMatchObject({ fails: 9, ban: 30_000, enable_http: true, access: [] });
  expect(sources.filter((one) => one.title === '[proxy]').map((one) => `${one.key} ${one.source}`)).toEqual([
    'conf_file fairlead.ini:2',
    'enable_http older.conf:3',
    'fails FAIRLEAD_PROXY_FAILS',
    'ban fairlead.ini:4',
    'access default',
  ]);
});

test('an unknown key is a warning with its line, the name of a further file too', async () => {
  const { warnings } = await load('fails = 7\nfail = 8\nconf_file = other.conf\n');

  expect(warnings).toEqual([
    'older.conf:2: fail is no key that is known here (did you mean fails?)',
    'older.conf:3: conf_file is no key that is known here',
  ]);
});

test('what is wrong in it is told with its line, and nothing starts', async () => {
  const failure = load('fails = many\n\nban = soon\nfails = 1\n[proxy]\nfails = 9\nnonsense\n');

  await expect(failure).rejects.toMatchObject({ code: 'FAIRLEAD_CONFIG' });
  const report = await failure.catch((error: Error) => error.message.split('\n').slice(1));
  expect(report).toEqual([
    'older.conf:4: [proxy] fails: found the key again, first on line 1; allowed: each key once',
    'older.conf:7: [proxy]: found a line that is no key; allowed: key = value',
    'older.conf:5: [proxy]: found a section; allowed: key = value',
    'older.conf:1: [proxy] fails: found "many"; allowed: a whole number, at least 1',
    expect.stringMatching(/^older\.conf:3: \[proxy\] ban: found "soon"; allowed: a time such as/),
  ]);
});

test('a named file that is not there is a mistake of the line that names it', () => {
  const text = '[proxy]\nconf_file = /nowhere/older.conf\n';

  expect(() => loadConfig({ file: '/etc/fairlead/fairlead.ini', text, env: {}, sections: [Older] })).toThrow(
    /fairlead\.ini:2: \[proxy\] conf_file: found no readable file \/nowhere\/older\.conf \(ENOENT\); allowed: a readable UTF-8 file/,
  );
});
