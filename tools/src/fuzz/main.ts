import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readWorkspace } from '../check/workspace.ts';
import { HEAD, overBounds, recordLine } from './table.ts';
import { fuzzFiles, type Target, targetsOf, timesFor } from './targets.ts';
import { runWatched, type WatchedResult } from './watched.ts';

const USAGE = `Usage: ./dev fuzz [--inputs N] [--seed S [--path P]] [--jobs N] [NAME]...
Runs at least N made-up inputs (1000000) through all parsers, or through those whose name begins with NAME.
--seed repeats a run, --path with it one single input.
`;

const BOUNDS = { deadlineMs: 5000, memoryMiB: 512 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    path: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    help: { type: 'boolean' },
  },
});
const root = resolve(`${import.meta.dirname}/../../..`);
const inputs = Number(values.inputs);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const jobs = Number(values.jobs);
const stop = new AbortController();

if (values.help) {
  process.stdout.write(USAGE);
} else if (![inputs, seed, jobs].every(Number.isSafeInteger) || inputs < 1 || jobs < 1) {
  process.stderr.write(USAGE);
  process.exitCode = 64;
} else {
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  process.exitCode = await main();
}

async function main(): Promise<number> {
  const begin = performance.now();
  const targets = await findTargets();
  if (targets.length === 0) return say(`There is no target named ${positionals.join(', ')}.`, 64);
  say(`${targets.length} targets, seed ${seed}`);
  say(HEAD);
  const findings: string[] = [];
  let total = 0;
  const times = timesFor(targets, inputs);
  await inParallel(
    targets.toSorted((a, b) => b.runs - a.runs),
    async (target) => {
      const result = await runTests([target.file], times, target.name);
      for (const record of result.records) {
        total += record.inputs;
        say(recordLine(record));
      }
      findings.push(...problems(target, result));
    },
  );
  for (const finding of findings) say(`\n${finding}`);
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  say(`\nseed ${seed}: ${total} inputs through ${targets.length} targets in ${seconds} s, ${findings.length} findings`);
  if (stop.signal.aborted) return 130;
  return findings.length === 0 ? 0 : 1;
}

/** One run that counts nothing: each target tells its name and its share. */
async function findTargets(): Promise<Target[]> {
  const files = fuzzFiles(await readWorkspace(root));
  const { records, trouble } = await runTests(files, 0);
  const targets = targetsOf(records, root);
  const silent = files.filter((file) => !targets.some((target) => target.file === file));
  if (silent.length > 0) throw new Error(`no target is told by ${silent.join(', ')}: ${trouble ?? 'none is run'}`);
  return targets.filter(({ name }) => positionals.length === 0 || positionals.some((start) => name.startsWith(start)));
}

async function runTests(files: readonly string[], times: number, only?: string): Promise<WatchedResult> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-fuzz-'));
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--root', root, '--testTimeout=0', '--reporter=dot', ...files];
  const { path } = values;
  try {
    return await runWatched({
      command: [process.execPath, ...vitest],
      folder,
      times,
      seed,
      ...(only !== undefined && { only }),
      ...(path !== undefined && { path }),
      ...BOUNDS,
      signal: stop.signal,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function problems(target: Target, { records, trouble }: WatchedResult): string[] {
  const found = records.flatMap((record) => record.failure ?? overBounds(record, BOUNDS) ?? []);
  if (trouble !== undefined) found.push(trouble);
  if (records.length === 0 && trouble === undefined) found.push('it ended without a word');
  return found.map((text) => `${target.name} (${target.file}): ${text}`);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (stop.signal.aborted) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

function say(line: string, code = 0): number {
  process.stdout.write(`${line}\n`);
  return code;
}
