import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { OpenedImageTransfer } from '@fairlead/kernel/services';

/** What a process with an image bridge told before it was killed. */
export interface KilledAgent {
  readonly down: OpenedImageTransfer;
  readonly up: OpenedImageTransfer;
  readonly lost: OpenedImageTransfer;
  /** Its job row was removed, so that its program belongs to nobody. */
  readonly orphan: OpenedImageTransfer;
  readonly pids: Readonly<Record<string, number>>;
  readonly ca: string;
}

/** Runs an image bridge in a process of its own, lets it open transfers, and ends it with SIGKILL. */
export async function agentThatIsKilled(folder: string): Promise<KilledAgent> {
  const script = fileURLToPath(new URL('agent-process.ts', import.meta.url));
  const child = fork(script, [folder], {
    execArgv: ['--conditions=@fairlead/source'],
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [told] = (await once(child, 'message', { signal: AbortSignal.timeout(30_000) })) as [KilledAgent];
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  return told;
}
