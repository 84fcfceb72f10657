import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsyncScope, stopSignal } from '@fairlead/kernel/lifecycle';
import { EXIT } from '../exit-codes.ts';
import { formatTable, terminal } from '../output.ts';
import { startAcronis } from './cyberapp-world.ts';
import { startProvider } from './provider.ts';
import { runStory } from './story.ts';

/** `./dev demo [--once]`: the main job on real input, through the public APIs; exit code 0 only when every step held. */
async function main(once: boolean): Promise<number> {
  await using scope = new AsyncScope();
  const stateDir = await mkdtemp(join(tmpdir(), 'fairlead-demo-'));
  scope.defer(() => rm(stateDir, { recursive: true, force: true }));
  const logFile = join(stateDir, 'fairlead.log');
  terminal.tell(
    'Starting the gateway on a fake CloudStack, with a real qcow2 disk behind a real qemu-nbd, on the CCE engine, with an account at a fake OVHcloud and as the CyberApp of a fake Acronis',
  );
  const acronis = scope.use(await startAcronis(stateDir));
  const provider = scope.use(await startProvider(stateDir, logFile, acronis.lines));
  const stop = new AbortController();
  const stopped = stopSignal(['SIGINT', 'SIGTERM']).then((name) => stop.abort(new Error(`Stopped by ${name}`)));
  const rows = await runStory(provider, { acronis, workFolder: stateDir, output: terminal, signal: stop.signal });
  terminal.print(
    `\n${formatTable([['step', 'result', 'time', 'speed'], ...rows.map((row) => [row.step, row.result, row.time, row.speed])])}`,
  );
  const failed = rows.some((row) => !row.ok) || stop.signal.aborted;
  terminal.print(`\n${formatTable([['face', 'address'], ...Object.entries({ ...provider.addresses, acronis: acronis.fake.url() })])}`);
  if (once || stop.signal.aborted) return failed ? EXIT.failed : EXIT.ok;
  terminal.print(
    `\nLog in as ${provider.user} with the password ${provider.password}, at CCE as ${provider.cce.user} with ${provider.cce.password}; the authority is ${provider.caFile}, the log ${logFile}.\nCtrl-C ends everything.`,
  );
  await stopped;
  return failed ? EXIT.failed : EXIT.ok;
}

process.exitCode = await main(process.argv.includes('--once'));
