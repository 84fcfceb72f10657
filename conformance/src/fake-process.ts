import { once } from 'node:events';
import { join } from 'node:path';
import { runProgram } from './program.ts';

/** A fake that runs by itself, as anybody would start one for a foreign client. */
export interface FakeProcess extends AsyncDisposable {
  /** What it told about itself: `name  value`. Empty when there is no such line. */
  value(name: string): string;
}

export interface FakeProcessOptions {
  readonly root: string;
  /** Words of `fairlead fake`. */
  readonly words: readonly string[];
  /** Name of the last line that it tells. */
  readonly lastLine: string;
  readonly signal: AbortSignal;
}

const START_DEADLINE_MS = 60_000;
const RUN_DEADLINE_MS = 600_000;

/** Starts one and reads from its output how to reach it. */
export async function startFake({ root, words, lastLine, signal }: FakeProcessOptions): Promise<FakeProcess> {
  const stop = new AbortController();
  const told = new Map<string, string>();
  const lines = new EventTarget();
  const ended = runProgram(join(root, 'fairlead'), ['fake', ...words], {
    deadlineMs: RUN_DEADLINE_MS,
    signal: AbortSignal.any([signal, stop.signal]),
    onLine: (line) => {
      const [, name, value] = /^(\w+(?: \w+)?) {2,}(.+)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) told.set(name, value);
      if (name === lastLine) lines.dispatchEvent(new Event('ready'));
    },
  });
  const ready = once(lines, 'ready', { signal: AbortSignal.any([signal, AbortSignal.timeout(START_DEADLINE_MS)]) });
  const early = ended.then((code) => {
    throw new Error(`fairlead fake ${words[0] ?? ''} ended with ${code} before it was ready`);
  });
  early.catch(() => undefined); // that it ends later is what is wanted
  await Promise.race([ready, early]);
  return {
    value: (name) => told.get(name) ?? '',
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}
