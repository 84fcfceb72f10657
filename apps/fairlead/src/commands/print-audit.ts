import { Audit, type AuditRow } from '@fairlead/kernel/audit';
import { systemClock } from '@fairlead/kernel/clock';
import { duration } from '@fairlead/kernel/config';
import { silentLog } from '@fairlead/kernel/log';
import { CliError } from '../cli-errors.ts';
import { loadConfiguration } from '../compose/configuration.ts';
import { openForLooking } from '../compose/state.ts';
import { formatTable, type Output } from '../output.ts';

export interface AuditOptions {
  readonly config?: string;
  readonly since: string;
  readonly correlation?: string;
  readonly object?: string;
  readonly limit: string;
  readonly json?: boolean;
}

/** Throws `CLI_USAGE` for a time or number that is none. */
export async function printAudit(options: AuditOptions, output: Output): Promise<void> {
  const query = {
    sinceMs: sinceMs(options.since),
    limit: limitOf(options.limit),
    correlationId: options.correlation,
    object: options.object,
  };
  const config = loadConfiguration({ file: options.config });
  await using store = await openForLooking(config);
  const found = store === undefined ? [] : await new Audit({ store, log: silentLog() }).find(query);
  const rows = [...found].reverse();
  if (options.json === true) for (const row of rows) output.print(JSON.stringify(row));
  else output.print(formatTable([['time', 'face', 'actor', 'action', 'object', 'outcome', 'address', 'correlation'], ...rows.map(cells)]));
  if (rows.length === query.limit) output.tell(`the newest ${query.limit} are shown; --limit and --since show others`);
}

function cells(row: AuditRow): string[] {
  const { atMs, face, actor, action, object = '', outcome, address = '', correlationId = '' } = row;
  return [new Date(atMs).toISOString(), face, actor, action, object, outcome, address, correlationId].map(harmless);
}

/** A login is what somebody typed: it must not speak to the terminal. */
function harmless(text: string): string {
  return text.replaceAll(/\p{C}/gu, '\uFFFD');
}

const span = duration({ doc: 'How far back.' });

function sinceMs(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(at)) return at;
  try {
    return systemClock.now() - span.read(text, '/');
  } catch {
    throw CliError('CLI_USAGE', { reason: '--since is a span such as 2h or 30d, or a time such as 2026-11-22T08:00Z' });
  }
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw CliError('CLI_USAGE', { reason: '--limit is 1 to 1000' });
  return limit;
}
