import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxIniBytes, readIni } from './ini.ts';

const entriesOf = (text: string) =>
  readIni(text).sections.flatMap((one) => one.entries.map((entry) => [one.title, entry.key, entry.value, entry.line]));

test('reads sections, keys and values with their lines', () => {
  expect(entriesOf('[server]\nhost = ::\n\n[ovirt   profile A]\n Key=a = b \n')).toEqual([
    ['server', 'host', '::', 2],
    ['ovirt profile A', 'key', 'a = b', 5],
  ]);
});

test('a comment begins a line or follows white space, so a secret keeps its # and ;', () => {
  const text = '; one\n# two\n[s] # three\na = x#y;z ; four\nb = 1\t# five\nc = ;\n  # six\nd = #\n';

  expect(entriesOf(text)).toEqual([
    ['s', 'a', 'x#y;z', 4],
    ['s', 'b', '1', 5],
    ['s', 'c', '', 6],
    ['s', 'd', '', 8],
  ]);
});

test('byte order mark and every kind of line end', () => {
  expect(entriesOf('\uFEFF[s]\r\na = 1\rb = 2\nc = ü\r\n')).toEqual([
    ['s', 'a', '1', 2],
    ['s', 'b', '2', 3],
    ['s', 'c', 'ü', 4],
  ]);
});

test('lists every mistake with its line and reads the rest', () => {
  const text = ['a = 1', '[s]', 'b = 1', 'B = 2', 'not a key', '= 3', '[s ', '[]', '[S]', 'c = 3', 'd = \0', '[t]', '__proto__ = 4'].join(
    '\n',
  );
  const ini = readIni(text);

  expect(ini.mistakes.map((one) => [one.line, one.where, one.found])).toEqual([
    [1, 'a', 'a key before any section'],
    [4, '[s] b', 'the key again, first on line 3'],
    [5, '[s]', 'a line that is no key'],
    [6, '[s]', 'a line that is no key'],
    [7, 'section', 'no name between brackets'],
    [8, 'section', 'no name between brackets'],
    [9, '[S]', 'the section again, first on line 2'],
    [11, 'line', 'a NUL character'],
    [13, '[t]', 'a line that is no key'],
  ]);
  expect(ini.sections.map((one) => [one.title, one.entries.length])).toEqual([
    ['s', 2],
    ['t', 0],
  ]);
});

test('a text beyond the limit is refused unread', () => {
  expect(readIni(`[s]\n${'a'.repeat(maxIniBytes)}`)).toMatchObject({ sections: [], mistakes: [{ found: 'too long' }] });
});

test('no text makes it throw, and no mistake quotes a value', async () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('[s]', '[', ']', 'k = hush-4711', 'k=', '=', '#', 'x #hush-4711', '\0hush-4711'),
  );
  await fuzz('kernel.ini', fc.array(line), (lines) => {
    const { mistakes } = readIni(lines.join('\n'));
    expect(JSON.stringify(mistakes.map((one) => [one.found, one.allowed]))).not.toContain('hush-4711');
  });
});

test('what is written is what is read', async () => {
  const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
  const value = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\0]|(^|\s)[;#].*/gs, '').trim());
  await fuzz('kernel.ini-written', fc.dictionary(key, value, { maxKeys: 20 }), (entries) => {
    const text = `[s]\n${Object.entries(entries)
      .map(([one, other]) => `${one} = ${other}\n`)
      .join('')}`;
    const read = readIni(text);
    expect(read.mistakes).toEqual([]);
    expect(Object.fromEntries(read.sections[0]?.entries.map((entry) => [entry.key, entry.value]) ?? [])).toEqual({ ...entries });
  });
});
