import type { RunOptions, RunResult } from '@fairlead/bridge-cyberapp';
import { CliError } from '../../cli-errors.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Output } from '../../output.ts';
import { type ConnectorDesk, datacentersFor, withConnector } from './connector-desk.ts';
import { type CareOptions, shown } from './shared.ts';

export interface RunConnectorOptions extends CareOptions {
  readonly dryRun?: boolean;
  readonly remote?: boolean;
  readonly org?: string;
  readonly allowDeletes?: readonly string[];
}

/** One run of each data center, or what it would do. Throws `CLI_CYBERAPP_DIFFERENT` for a dry run that finds something to do, `CLI_CYBERAPP_RUN`. */
export async function runConnector(options: RunConnectorOptions, output: Output): Promise<void> {
  if (options.remote === true && options.dryRun !== true) throw CliError('CLI_USAGE', { reason: '--remote is for a --dry-run' });
  await withConnector(options, output, async (desk) => {
    const wanted = await wantedOf(desk, options);
    if (options.dryRun === true) await printPlan(desk, { ...wanted, remote: options.remote === true, json: options.json === true }, output);
    else await runAll(desk, { ...wanted, json: options.json === true }, output);
  });
}

/** A run that compares everything with Acronis first, whenever that was last done. Throws `CLI_CYBERAPP_RUN`. */
export async function reconcile(options: CareOptions & { readonly org?: string }, output: Output): Promise<void> {
  await withConnector(options, output, async (desk) =>
    runAll(desk, { ...(await wantedOf(desk, options)), reconcile: true, json: options.json === true }, output),
  );
}

type Wanted = Pick<RunOptions, 'organizationId' | 'allowDeletes' | 'reconcile'>;

/** Throws for organizations that are not there. */
async function wantedOf({ organizations }: ConnectorDesk, { org, allowDeletes = [] }: RunConnectorOptions): Promise<Wanted> {
  const idOf = async (text: string) => (await organizations.get(text.toLowerCase())).id;
  const organizationId = org === undefined ? undefined : await idOf(org);
  return { organizationId, allowDeletes: new Set(await Promise.all(allowDeletes.map(idOf))) };
}

async function printPlan(
  desk: ConnectorDesk,
  { remote, json, ...wanted }: Wanted & { readonly remote: boolean; readonly json: boolean },
  output: Output,
): Promise<void> {
  const { connector, signal } = desk;
  const counts: Record<string, number> = {};
  for (const datacenterId of await datacentersFor(desk, wanted.organizationId))
    for await (const operation of connector.plan({ ...wanted, datacenterId, remote }, signal)) {
      output.print(JSON.stringify(operation));
      const what = `${operation.op} ${operation.kind}`;
      counts[what] = (counts[what] ?? 0) + 1;
    }
  if (json) output.print(JSON.stringify({ summary: counts }));
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total === 0) output.tell('There is nothing to do.');
  else throw CliError('CLI_CYBERAPP_DIFFERENT', { operations: countText(counts) });
}

type Ended = Pick<RunResult, 'counts'> & { readonly datacenter: string; readonly outcome: RunResult['outcome']; readonly reason?: string };

/** One after the other; one that fails keeps no other from its run. */
async function runAll(desk: ConnectorDesk, { json, ...wanted }: Wanted & { readonly json: boolean }, output: Output): Promise<void> {
  const ended: Ended[] = [];
  for (const datacenter of await datacentersFor(desk, wanted.organizationId)) {
    const one = await runOne(desk, datacenter, wanted);
    ended.push(one);
    if (!json) output.print([one.datacenter, one.outcome, countText(one.counts), shown(one.reason)].join('  ').trimEnd());
  }
  if (json) output.print(JSON.stringify(ended));
  const bad = ended.filter(({ outcome }) => outcome !== 'ok');
  if (bad.length === 0) return;
  const exit = bad.every(({ outcome }) => outcome === 'partial') ? EXIT.partial : EXIT.failed;
  throw CliError('CLI_CYBERAPP_RUN', { outcomes: bad.map(({ datacenter, outcome }) => `${datacenter} ${outcome}`).join(', '), exit });
}

async function runOne({ connector, signal }: ConnectorDesk, datacenter: string, wanted: Wanted): Promise<Ended> {
  try {
    const { outcome, counts } = await connector.once(datacenter, { ...wanted, trigger: 'operator' }, signal);
    return { datacenter, outcome, counts };
  } catch (error) {
    signal.throwIfAborted();
    return { datacenter, outcome: 'failed', counts: {}, reason: error instanceof Error ? error.message : 'unknown' };
  }
}

function countText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([what, count]) => `${count} ${what.replaceAll('_', ' ')}`)
    .join(', ');
}
