import { expect, test } from 'vitest';
import { manifestOf, plant, told } from '../../test/planted.ts';
import { checkNames } from './names.ts';

const lines = (count: number): string => 'const a = 1;\n'.repeat(count);

function check(
  files: Readonly<Record<string, string>>,
  longFiles: Readonly<Record<string, string>> = {},
): { findings: string[]; notes: readonly string[] } {
  const { findings, notes } = checkNames(plant({ 'protocols/nbd': { manifest: manifestOf('@fairlead/nbd'), files } }), longFiles);
  return { findings: told(findings), notes };
}

test('a good tree has no finding', () => {
  const files = {
    'README.md': '',
    'src/u64.ts': lines(250),
    'src/byte-queue.test.ts': '',
    'test/live/qemu-nbd.live.ts': '',
    'client.py': '',
  };

  expect(check(files)).toEqual({ findings: [], notes: ['6 file names read'] });
});

test.each(['byteQueue.ts', 'ByteQueue.ts', 'byte_queue.ts', 'Readme.md'])('%s is no kebab-case', (name) => {
  expect(check({ [`src/${name}`]: '' }).findings).toEqual([`protocols/nbd/src/${name}: ${name} is not kebab-case`]);
});

test('a folder is named like a file', () => {
  expect(check({ 'src/wireCodec/a.ts': '' }).findings).toEqual(['protocols/nbd/src/wireCodec/a.ts: wireCodec is not kebab-case']);
});

test('recordings keep the names that their programs gave them', () => {
  expect(check({ 'test/fixtures/listVMs.json': '' }).findings).toEqual([]);
});

test('a file past 250 lines is named, past 400 it fails', () => {
  const { findings, notes } = check({ 'src/long.ts': lines(251), 'src/longer.ts': lines(401) });

  expect(notes).toContain('over 250 lines: protocols/nbd/src/long.ts  251 lines');
  expect(findings).toEqual(['protocols/nbd/src/longer.ts: 401 lines; split it by thought, 400 is the limit']);
});

test('a long file may be excused with a reason, and only while it is there', () => {
  const { findings, notes } = check(
    { 'src/grammar.ts': lines(401) },
    { 'protocols/nbd/src/grammar.ts': 'one grammar', 'protocols/nbd/src/gone.ts': 'x' },
  );

  expect(notes).toContain('excused (one grammar): protocols/nbd/src/grammar.ts  401 lines');
  expect(findings).toEqual(['protocols/nbd/src/gone.ts: is excused for its length, but is not there']);
});

test('made-up inputs go through their one door', () => {
  const text = `await fc.${'assert'}(property);\n`;

  expect(check({ 'src/a.test.ts': text }).findings).toEqual([
    'protocols/nbd/src/a.test.ts: runs made-up inputs by itself; use fuzz of @fairlead/testkit/fuzz',
  ]);
  expect(check({ 'src/a.test.ts': "await fuzz('nbd.a', inputs, property);\n" }).findings).toEqual([]);
});

test('a file that a program wrote may have any length', () => {
  expect(check({ 'src/data.ts': `// Made by tools; not written by hand.\n${lines(900)}` }).findings).toEqual([]);
});

test.each(['only', 'skip', 'todo'])('test.%s is found', (word) => {
  expect(check({ 'src/a.test.ts': `\ntest.${word}('x', () => {});` }).findings).toEqual([
    `protocols/nbd/src/a.test.ts: test.${word} leaves a test out of the run`,
  ]);
});

test('a note to self needs the number of an issue', () => {
  const note = 'TO'.concat('DO');

  expect(check({ 'src/a.ts': `// ${note}(#12): later\n` }).findings).toEqual([]);
  expect(check({ 'src/a.ts': `// ${note}: later\n` }).findings).toEqual([
    `protocols/nbd/src/a.ts: ${note} needs the number of an issue: ${note}(#123)`,
  ]);
});

test('reading nothing is a finding', () => {
  expect(told(checkNames(plant({}), {}).findings)).toEqual(['no file was read: the check is blind']);
});
