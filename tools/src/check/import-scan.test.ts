import { expect, test } from 'vitest';
import { scanImports } from './import-scan.ts';

/** Assembled so that a scan of this file does not find it. */
const DYNAMIC = 'import'.concat('(');

const specifiers = (text: string): string[] => scanImports(text).map(({ specifier }) => specifier);

test.each([
  ["import { a } from 'one';", 'one'],
  ["import type { A } from './two.ts';", './two.ts'],
  ["import 'reflect-metadata';", 'reflect-metadata'],
  ["import * as all from 'three';", 'three'],
  ["import data from './data.json' with { type: 'json' };", './data.json'],
  ["export { b } from 'four';", 'four'],
  ["export * from 'five';", 'five'],
  ["export type { C } from 'six';", 'six'],
  [`  const module = await ${DYNAMIC}'seven');`, 'seven'],
  [`function f(log: ${DYNAMIC}'eight').Log): void {}`, 'eight'],
])('%s imports %s', (line, specifier) => {
  expect(specifiers(line)).toEqual([specifier]);
});

test('finds the end of an import over several lines, and says where', () => {
  const text = ["import { z } from 'zod';", 'import {', '  a,', '  b,', "} from './long.ts';", ''].join('\n');

  expect(scanImports(text)).toEqual([
    { specifier: 'zod', line: 1, typeOnly: false },
    { specifier: './long.ts', line: 5, typeOnly: false },
  ]);
});

test('knows an import that is erased', () => {
  expect(scanImports("import type { A } from 'one';\nimport { b } from 'two';").map(({ typeOnly }) => typeOnly)).toEqual([true, false]);
});

test.each([
  "// import { a } from 'one';",
  ` * const { bridge } = await ${DYNAMIC}'two');`,
  "export const name = 'three';",
  "export const words = { from: 'four' };",
  'const text = "} from \'five\'";',
])('%s imports nothing', (line) => {
  expect(specifiers(line)).toEqual([]);
});
