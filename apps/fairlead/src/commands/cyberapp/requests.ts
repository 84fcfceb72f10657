import type { AuditRow } from '@fairlead/kernel/audit';
import { isUuid } from '@fairlead/kernel/ids';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { type CareOptions, shown, withDesk } from './shared.ts';

const MOST = 1000;

/** Prints every time that a callback came with this id, the oldest first. Throws `CLI_USAGE` for what is no id, `CLI_CYBERAPP_NOT_FOUND` when none came. */
export async function showRequest(id: string, options: CareOptions, output: Output): Promise<void> {
  if (!isUuid(id)) throw CliError('CLI_USAGE', { reason: `${shown(id)} is no request id: that is a UUID` });
  await withDesk(options, async ({ audit }) => {
    const found = await audit.find({ correlationId: id.toLowerCase(), limit: MOST });
    const rows = found.filter(({ face }) => face === 'cyberapp').toReversed();
    if (rows.length === 0) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `callback ${id}` });
    if (options.json === true) output.print(JSON.stringify(rows));
    else for (const row of rows) output.print(textOf(row));
  });
}

function textOf({ atMs, action, actor, object, outcome, address, detail = {} }: AuditRow): string {
  const facts = Object.entries({ login: actor, organization: object, from: address, ...detail })
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `  ${name.padEnd(WIDTH)}  ${shown(value)}`);
  return [`${new Date(atMs).toISOString()}  ${action.replace(/^callback\./, '')}: ${outcome}`, ...facts].join('\n');
}

const WIDTH = 14;
