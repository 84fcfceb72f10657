import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createLog } from '../src/log/index.ts';
import { newFolder } from './folder.ts';

test('a log file is appended to, and is not for everybody', async () => {
  await using folder = await newFolder();
  const file = folder.file('logs/fairlead.log');
  createLog({ file }).info('one');
  createLog({ file }).info('two');

  expect((await readFile(file, 'utf8')).match(/"msg":"\w+"/g)).toEqual(['"msg":"one"', '"msg":"two"']);
  expect((await stat(file)).mode & 0o007).toBe(0);
});
