import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Client, Totals } from './client.ts';
import { clients } from './clients.ts';
import { closingLine, sum } from './step-lines.ts';
import { startWorld } from './world.ts';

const root = resolve(import.meta.dirname, '../..');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Each client gets a gateway (or a fake) of its own, in folders that are gone afterwards; when steps failed, the gateway's log stays. */
async function runClient(client: Client, signal: AbortSignal): Promise<Totals> {
  print(`== ${client.name}: ${client.title}`);
  const installDir = join(root, '.state/conformance', client.name);
  await mkdir(installDir, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'fl-conf-'));
  const workDir = join(scratch, 'work');
  await mkdir(workDir);
  let totals: Totals = { passed: 0, failed: 1, skipped: 0 };
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warned);
  try {
    await client.install({ root, installDir, signal, print });
    const startGateway = () => startWorld(root, join(scratch, 'gateway'));
    totals = await client.run({ startWorld: startGateway, root, installDir, workDir, signal, print });
  } catch (error) {
    print(`failed  ${client.name}  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  process.off('warning', warned);
  totals = withWarnings(totals, warnings);
  if (totals.failed === 0) await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  else print(`The log of the gateway and the images are in ${scratch}`);
  return totals;
}

/** The gateway runs in this process: what Node warns about (leaking listeners, deprecated calls) is a defect of ours. */
function withWarnings(totals: Totals, warnings: readonly Error[]): Totals {
  for (const { name, message } of warnings) print(`failed  gateway without warnings  ${name}: ${message}`);
  return { ...totals, failed: totals.failed + warnings.length };
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !clients.some((client) => client.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`No such client: ${unknown.join(', ')}. There are: ${clients.map(({ name }) => name).join(', ')}\n`);
    return 64;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const totals: Totals[] = [];
  for (const client of clients.filter(({ name, whenNamed }) => (names.length === 0 ? whenNamed !== true : names.includes(name)))) {
    totals.push(await runClient(client, stop.signal));
  }
  const all = sum(totals);
  print(closingLine(all));
  return all.failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
