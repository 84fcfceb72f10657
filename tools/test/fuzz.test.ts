import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { overBounds } from '../src/fuzz/table.ts';
import { fuzzFiles, targetsOf, timesFor } from '../src/fuzz/targets.ts';
import { runWatched, type WatchedResult } from '../src/fuzz/watched.ts';

const PROGRAM = `${import.meta.dirname}/support/target.ts`;

async function run(deed: string): Promise<WatchedResult> {
  await using folder = await tempDir();
  return await runWatched({
    command: [process.execPath, '--conditions=@fairlead/source', PROGRAM, deed],
    folder: folder.path,
    times: 3,
    seed: 11,
    deadlineMs: 1500,
    memoryMiB: 64,
    signal: new AbortController().signal,
  });
}

test('a target that ends well tells what was run', async () => {
  const { records, trouble } = await run('fine');
  expect(trouble).toBeUndefined();
  expect(records).toMatchObject([{ name: 'tools.target', inputs: 300 }]);
});

test('an input that hangs ends the process, and the finding repeats it', async () => {
  const { trouble } = await run('hang');
  expect(trouble).toContain('one input took more than 1500 ms; the last input repeats with: ./dev fuzz --seed 11 --path 49 tools.target');
});

test('an input that takes all memory is a finding that repeats', async () => {
  const { trouble } = await run('grow');
  expect(trouble).toContain('ended with SIG');
  expect(trouble).toContain('--seed 11 --path 49 tools.target');
});

test('a process that leaves without a word is a finding', async () => {
  const { trouble } = await run('leave');
  expect(trouble).toContain('ended with exit code 9');
});

test('a target past its bounds is a finding though it ended', () => {
  const bounds = { deadlineMs: 100, memoryMiB: 10 };
  const record = { name: 'x', runs: 1, inputs: 1, seconds: 1, worstMs: 50, peakBytes: 1024 };
  expect(overBounds(record, bounds)).toBeUndefined();
  expect(overBounds({ ...record, worstMs: 101 }, bounds)).toMatch(/101 ms/);
  expect(overBounds({ ...record, peakBytes: 11 * 1024 * 1024 }, bounds)).toMatch(/11 MiB/);
});

test('two targets with one name are refused, and shares become at least the wanted inputs', () => {
  const record = { name: 'x', runs: 100, inputs: 0, seconds: 0, worstMs: 0, peakBytes: 0 };
  const told = (name: string, runs: number, file: string) => ({ ...record, name, runs, file: `/root/${file}` });
  const targets = targetsOf([told('x', 100, 'a.test.ts'), told('y', 250, 'a.test.ts')], '/root');
  expect(() => targetsOf([told('x', 100, 'a.test.ts'), told('x', 100, 'b.test.ts')], '/root')).toThrow(
    'two targets are named x: in a.test.ts and b.test.ts',
  );

  const times = timesFor(targets, 1_000_000);
  expect(targets.reduce((sum, { runs }) => sum + Math.ceil(runs * times), 0)).toBeGreaterThanOrEqual(1_000_000);
});

test('files with targets are found, those of the machinery left out', () => {
  const text = "import { fuzz } from '@fairlead/testkit/fuzz';";
  const sources = ['protocols/a/src/x.test.ts', 'protocols/a/src/x.ts', 'tools/test/fuzz.test.ts'].map((path) => ({ path, text }));
  const other = { path: 'protocols/a/src/y.test.ts', text: "import { fuzz } from './fuzz.ts';" };
  const pack = { name: 'a', dir: 'protocols/a', kind: 'protocol' as const, manifest: {}, files: [], sources: [...sources, other] };
  expect(fuzzFiles({ packages: [pack], manifest: {} })).toEqual(['protocols/a/src/x.test.ts']);
});
