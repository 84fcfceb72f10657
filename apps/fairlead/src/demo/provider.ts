import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ProviderAnswer, ProviderFacts } from './provider-process.ts';

/** The demo's gateway and cloud in a process of their own, so that the speed of a client is not that of everything together. */
export interface Provider extends ProviderFacts, AsyncDisposable {
  /** The file behind a volume of the fake CloudStack. */
  volumePath(id: string): Promise<string>;
}

const PROCESS = fileURLToPath(new URL('provider-process.ts', import.meta.url));
const NODE_FLAGS = new URL('../../node-flags', import.meta.url);
const START_MS = 120_000;
const STOP_MS = 30_000;

/** Starts it and waits until it is up; throws when it ends before, having said why. */
export async function startProvider(stateDir: string, logFile: string, acronisLines: readonly string[]): Promise<Provider> {
  const flags = (await readFile(NODE_FLAGS, 'utf8')).trim().split('\n');
  const child = fork(PROCESS, [stateDir, logFile, ...acronisLines], { execArgv: flags });
  const first = await next(child);
  if (!('facts' in first)) throw new Error('the provider has not told its addresses');
  return {
    ...first.facts,
    volumePath: async (id) => {
      child.send(id);
      const told = await next(child);
      return 'volumePath' in told ? told.volumePath : '';
    },
    [Symbol.asyncDispose]: () => ended(child),
  };
}

async function next(child: ChildProcess): Promise<ProviderAnswer> {
  const abort = new AbortController();
  const options = { signal: AbortSignal.any([abort.signal, AbortSignal.timeout(START_MS)]) };
  const over = once(child, 'exit', options).then(([code, signal]) => {
    throw new Error(`the provider ended (${signal ?? `exit code ${code}`})`);
  });
  try {
    const [answer] = (await Promise.race([once(child, 'message', options), over])) as [ProviderAnswer];
    return answer;
  } finally {
    over.catch(() => undefined);
    abort.abort();
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  const exit = once(child, 'exit');
  child.disconnect();
  await exit;
  clearTimeout(hard);
}
