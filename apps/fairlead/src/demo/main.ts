import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsyncScope, stopSignal } from '@fairlead/kernel/lifecycle';
import { createLog } from '@fairlead/kernel/log';
import { EXIT } from '../exit-codes.ts';
import { formatTable, terminal } from '../output.ts';
import { runStory } from './story.ts';
import { startWorld } from './world.ts';

/** `./dev demo [--once]`: the main job on real input, through the public APIs; exit code 0 only when every step held. */
async function main(once: boolean): Promise<number> {
  await using scope = new AsyncScope();
  const stateDir = await mkdtemp(join(tmpdir(), 'fairlead-demo-'));
  scope.defer(() => rm(stateDir, { recursive: true, force: true }));
  const logFile = join(stateDir, 'fairlead.log');
  terminal.tell('Starting the gateway on a fake CloudStack, with a real qcow2 disk behind a real qemu-nbd');
  const world = scope.use(await startWorld({ stateDir, log: createLog({ level: 'info', file: logFile }) }));
  const rows = await runStory(world, stateDir, terminal);
  terminal.print(
    `\n${formatTable([['step', 'result', 'time', 'speed'], ...rows.map((row) => [row.step, row.result, row.time, row.speed])])}`,
  );
  const failed = rows.some((row) => !row.ok);
  terminal.print(`\n${formatTable([['face', 'address'], ...Object.entries(world.addresses)])}`);
  if (once) return failed ? EXIT.failed : EXIT.ok;
  terminal.print(
    `\nLog in as ${world.user} with the password ${world.password}; the authority is ${world.caFile}, the log ${logFile}.\nCtrl-C ends everything.`,
  );
  await stopSignal(['SIGINT', 'SIGTERM']);
  return failed ? EXIT.failed : EXIT.ok;
}

process.exitCode = await main(process.argv.includes('--once'));
