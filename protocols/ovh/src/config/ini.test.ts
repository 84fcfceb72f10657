import { expect, test } from 'vitest';
import { ConfigurationError } from '../errors/errors.ts';
import { findSection, parseIni } from './ini.ts';

/** Section and key to value, of `/etc/ovh.conf`. */
function read(text: string): Record<string, Record<string, string>> {
  const sections = parseIni(text, '/etc/ovh.conf').sections;
  return Object.fromEntries(
    sections.map((section) => [section.name, Object.fromEntries([...section.entries].map(([key, entry]) => [key, entry.value]))]),
  );
}

const value = (line: string) => read(`[s]\n${line}`).s?.k;

test('X25: full-line comments, of both signs and also indented', () => {
  expect(read('; a\n# b\n[s]\n  ; c\n\t# d\nk=v\n    ; deeper than the key\n')).toEqual({ s: { k: 'v' } });
});

for (const [line, expected] of [
  ['k = v ; comment', 'v'],
  ['k = v\t# comment', 'v'],
  ['k = v;no comment', 'v;no comment'],
  ['k = v#no', 'v#no'],
  ['k = "v ; kept"', 'v ; kept'],
  ['k = "v ; kept" ; comment', 'v ; kept'],
  ["k = 'v # kept'", 'v # kept'],
  ['k = "v', '"v'],
  ['k = v"', 'v"'],
  ['k = "v\'', '"v\''],
  ['k = "a" b', '"a" b'],
  ['k = "a"b"', 'a"b'],
  ['k = ""', ''],
  ['k =', ''],
  ['k = ; comment', ''],
  ['k=;x', ';x'],
  ['k: v', 'v'],
  ['k : a=b', 'a=b'],
  ['k = a:b', 'a:b'],
  ['K=v', 'v'],
  ['k = k%y', 'k%y'],
  ['k = %(home)s', '%(home)s'],
  ['k = \\n', '\\n'],
  ['  k = v  ', 'v'],
] as const) {
  test(`X25: ${JSON.stringify(line)} gives ${JSON.stringify(expected)}`, () => {
    expect(value(line)).toBe(expected);
  });
}

test('X25: a mark of byte order, and line ends of every system', () => {
  expect(read('\uFEFF[s]\r\na=1\r\n\r\nb=2\rc=3\n')).toEqual({ s: { a: '1', b: '2', c: '3' } });
});

test('X25: a section is exact in its case, then found in any', () => {
  const ini = parseIni('[OVH-EU]\na=1\n[ovh-eu]\na=2\n[Other]\na=3\n[DEFAULT]\na=4', 'f');
  expect(findSection(ini, 'ovh-eu')?.entries.get('a')?.value).toBe('2');
  expect(findSection(ini, 'Ovh-Eu')?.entries.get('a')?.value).toBe('1');
  expect(findSection(ini, 'other')?.entries.get('a')?.value).toBe('3');
  expect(findSection(ini, 'default')).toBeUndefined();
  expect(findSection(ini, 'absent')).toBeUndefined();
});

test('X25 G38: a section may be a URL, with brackets in it and a comment behind it', () => {
  expect(read('[http://[::1]:8080/1.0] ; see [x]\nk=v')).toEqual({ 'http://[::1]:8080/1.0': { k: 'v' } });
});

test('X25: what stands twice counts as it is said last, with a warning', () => {
  const ini = parseIni('[s]\nk=1\nk=2\n[t]\n[s]\nk=3\nj=4', 'f');
  expect(ini.sections.map((section) => section.name)).toEqual(['s', 't']);
  expect(findSection(ini, 's')?.entries.get('k')).toEqual({ key: 'k', value: '3', line: 6 });
  expect(ini.warnings.map((warning) => warning.line)).toEqual([3, 5, 6]);
});

test('X25: a deeper indented line continues a header, joined by one blank', () => {
  expect(read('[s]\nheader.X-A = a\n   b ; comment\n\n   c\nk=v').s).toEqual({ 'header.x-a': 'a b c', k: 'v' });
});

test('X25: sections whose keys are all indented alike are read', () => {
  expect(read('[s]\n  a=1\n  b=2\n[t]\n    c=3')).toEqual({ s: { a: '1', b: '2' }, t: { c: '3' } });
});

for (const [name, text, line] of [
  ['P38 G34 X25: an unclosed section', '[s]\nk=v\n[ovh', 3],
  ['X25: a section without name', '[]', 1],
  ['X25: text behind a section', '[s] k=v', 1],
  ['X25: a key before any section', 'application_secret=hush', 1],
  ['X25: a line that is no pair', '[s]\nhush', 2],
  ['X25: a pair without key', '[s]\n=hush', 2],
  ['X25: a continued value that is no header', '[s]\nk=hush\n  hush', 3],
] as const) {
  test(`${name} is an error with file and line, that does not repeat the line`, () => {
    const failure = (() => {
      try {
        return parseIni(text, '/etc/ovh.conf');
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect((failure as Error).message).toContain(`/etc/ovh.conf:${line}:`);
    expect((failure as Error).message).not.toContain('hush');
  });
}

test('a file that cannot be a configuration is refused by its size', () => {
  expect(() => parseIni(`[s]\nk=${'x'.repeat(1024 * 1024)}`, 'f')).toThrow(ConfigurationError);
});
