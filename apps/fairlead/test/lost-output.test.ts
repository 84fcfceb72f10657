import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** The binary with a standard output of our choice; a pipe is closed at once, as by `| true`. */
async function run(words: readonly string[], stdout: 'pipe' | number): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=@fairlead/source', MAIN, ...words], { stdio: ['ignore', stdout, 'pipe'] });
  child.stdout?.destroy();
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stderr = child.stderr === null ? '' : await text(child.stderr);
  return { code: await code, stderr };
}

test('nobody reads what is printed: the program ends as by SIGPIPE, without a word', async () => {
  expect(await run(['ovh', 'completion', 'bash'], 'pipe')).toEqual({ code: 141, stderr: '' });
});

test('a command that lasts stops in order when nobody reads it any more', async () => {
  expect(await run(['fake', 'ovh'], 'pipe')).toEqual({ code: 0, stderr: '' });
});

test.runIf(process.platform === 'linux')('an output that is full fails the command, and is told in a line', async () => {
  await using full = await open('/dev/full', 'w');
  const { code, stderr } = await run(['ovh', 'completion', 'bash'], full.fd);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Standard output cannot be written: .*ENOSPC.*\n$/);
});
