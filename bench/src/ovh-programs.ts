import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LoadAnswer, LoadOrder, LoadSettings } from './ovh-load.ts';
import type { ServerFacts } from './ovh-server-process.ts';

const START_MS = 60_000;
/** A round never takes much longer than it was ordered to. */
const SPARE_MS = 60_000;

/** A client in a process of its own, which makes calls as ordered. */
export interface LoadProgram extends AsyncDisposable {
  order(order: LoadOrder): Promise<LoadAnswer>;
}

/** Starts `command`, which speaks as ovh-load.ts says; it has made one call when the promise is fulfilled. */
export async function startLoad(command: readonly string[], settings: LoadSettings): Promise<LoadProgram> {
  const [program = '', ...words] = command;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: settings.caFile };
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async <T>(question: object, ms: number): Promise<T> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const late = setTimeout(() => child.kill(), ms);
    const { value } = await lines.next();
    clearTimeout(late);
    if (typeof value !== 'string') throw new Error(`${command.join(' ')} ended without an answer`);
    return JSON.parse(value) as T;
  };
  await ask(settings, START_MS);
  return {
    order: (order) => ask<LoadAnswer>(order, order.ms + SPARE_MS),
    [Symbol.asyncDispose]: () => ended(child, () => child.stdin.end()),
  };
}

/** Starts the servers of ovh-server-process.ts. */
export async function startServers(certFile: string, keyFile: string): Promise<{ readonly facts: ServerFacts } & AsyncDisposable> {
  const script = fileURLToPath(new URL('ovh-server-process.ts', import.meta.url));
  const child = fork(script, [certFile, keyFile]);
  const [facts] = await once(child, 'message', { signal: AbortSignal.timeout(START_MS) });
  return { facts: facts as ServerFacts, [Symbol.asyncDispose]: () => ended(child, () => child.disconnect()) };
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit', { signal: AbortSignal.timeout(START_MS) });
  end();
  await exit;
}
