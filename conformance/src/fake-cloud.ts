import { once } from 'node:events';
import { join } from 'node:path';
import { runProgram } from './program.ts';

/** A fake CloudStack that runs by itself, as anybody would start one for a foreign client. */
export interface FakeCloud extends AsyncDisposable {
  /** `http://…/client/api`. */
  readonly endpoint: string;
  /** `http://…/_fake/`. */
  readonly control: string;
  /** Of the root admin. */
  readonly key: string;
  readonly secret: string;
}

export interface FakeCloudOptions {
  readonly root: string;
  /** Folder of the volumes; must exist. */
  readonly pool: string;
  /** Further words of `fairlead fake cloudstack`. */
  readonly words: readonly string[];
  readonly signal: AbortSignal;
}

const START_DEADLINE_MS = 60_000;
const RUN_DEADLINE_MS = 600_000;

/** Starts one and reads from its output how to reach it. */
export async function startFakeCloud({ root, pool, words, signal }: FakeCloudOptions): Promise<FakeCloud> {
  const stop = new AbortController();
  const told = new Map<string, string>();
  const lines = new EventTarget();
  const ended = runProgram(join(root, 'fairlead'), ['fake', 'cloudstack', '--pool', pool, ...words], {
    deadlineMs: RUN_DEADLINE_MS,
    signal: AbortSignal.any([signal, stop.signal]),
    onLine: (line) => {
      const [, name, value] = /^(\w+(?: \w+)?) {2,}(.+)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) told.set(name, value);
      if (name === 'volumes') lines.dispatchEvent(new Event('ready'));
    },
  });
  const ready = once(lines, 'ready', { signal: AbortSignal.any([signal, AbortSignal.timeout(START_DEADLINE_MS)]) });
  const early = ended.then((code) => {
    throw new Error(`the fake CloudStack ended with ${code} before it was ready`);
  });
  early.catch(() => undefined); // that it ends later is what is wanted
  await Promise.race([ready, early]);
  const value = (name: string) => told.get(name) ?? '';
  return {
    endpoint: value('endpoint'),
    control: value('control'),
    key: value('api key'),
    secret: value('secret key'),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}
