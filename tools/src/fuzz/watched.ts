import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type FuzzRecord, fuzzPlan, readBeat } from '@fairlead/testkit/fuzz';

/** One process that runs fuzz targets, and the bounds it has to keep. */
export interface WatchedRun {
  readonly command: readonly string[];
  /** Folder for the files that the process tells its progress with. */
  readonly folder: string;
  readonly times: number;
  readonly only?: string;
  readonly seed?: number;
  readonly path?: string;
  /** Longest time of one input, in milliseconds. */
  readonly deadlineMs: number;
  /** Largest heap, in MiB: V8 ends the process there. */
  readonly memoryMiB: number;
  readonly signal: AbortSignal;
}

export interface WatchedResult {
  readonly records: readonly FuzzRecord[];
  /** What went wrong with the process itself: a hang, a crash, an end without a word. */
  readonly trouble?: string;
}

/** How long a process may take to come to its first input: compiler and test runner start in it. */
const START_MS = 300_000;
const LOOK_MS = 200;
const KEPT_OUTPUT = 2000;

/** Runs the process to its end, or ends it when one input takes too long. */
export async function runWatched(run: WatchedRun): Promise<WatchedResult> {
  const report = join(run.folder, 'report');
  const beat = join(run.folder, 'beat');
  const { times, only, seed, path } = run;
  const plan = fuzzPlan({ times, report, beat, ...(only && { only }), ...(seed !== undefined && { seed }), ...(path && { path }) });
  const heap = `${process.env.NODE_OPTIONS ?? ''} --max-old-space-size=${run.memoryMiB}`;
  const [program = '', ...args] = run.command;
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...plan, NODE_OPTIONS: heap },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      output = (output + text.toString('utf8')).slice(-KEPT_OUTPUT);
    });
  }
  const { promise: ended, resolve } = Promise.withResolvers<string | undefined>();
  child.once('error', (error) => resolve(error.message));
  child.once('close', (code, by) => resolve(code === 0 ? undefined : `ended with ${by ?? `exit code ${code}`}`));
  const hang = watch(beat, run, () => killGroup(child.pid));
  const end = await ended;
  clearInterval(hang.timer);
  const trouble = hang.text ?? end;
  const records = await readRecords(report);
  if (trouble === undefined || records.some((record) => record.failure !== undefined)) return { records };
  return { records, trouble: `${trouble}${place(beat)}\n${stripVTControlCharacters(output).trim()}` };
}

interface HangWatch {
  readonly timer: NodeJS.Timeout;
  text: string | undefined;
}

/** Looks whether inputs are still going by; `kill` is called once when they are not. */
function watch(beat: string, { deadlineMs, signal }: WatchedRun, kill: () => void): HangWatch {
  let count = 0;
  let since = performance.now();
  const look = (): void => {
    const now = readBeat(beat)?.count ?? 0;
    const waited = performance.now() - since;
    if (now !== count) {
      count = now;
      since = performance.now();
    } else if (waited > (count === 0 ? START_MS : deadlineMs)) {
      hang.text ??= count === 0 ? 'no input was begun' : `one input took more than ${deadlineMs} ms`;
      kill();
    }
    if (signal.aborted) kill();
  };
  const hang: HangWatch = { timer: setInterval(look, LOOK_MS), text: undefined };
  return hang;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function place(beat: string): string {
  const last = readBeat(beat);
  if (last === undefined || last.count === 0) return '';
  return `; the last input repeats with: ./dev fuzz --seed ${last.seed} --path ${last.index} ${last.name}`;
}

async function readRecords(report: string): Promise<FuzzRecord[]> {
  const text = await readFile(report, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FuzzRecord);
}
