import { LIMIT_FACE } from '@fairlead/bridge-cce';
import { systemClock } from '@fairlead/kernel/clock';
import { Limits } from '@fairlead/kernel/limits';
import { CliError } from '../../cli-errors.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import { openForLooking } from '../../compose/state.ts';
import { formatTable, type Output } from '../../output.ts';
import { shown } from './print-reply.ts';
import type { CareOptions } from './secrets.ts';

/** Prints who is banned from the JSON API, and until when (cce 7.5). Throws `FAIRLEAD_STORE`. */
export async function listBans(options: CareOptions, output: Output): Promise<void> {
  const banned = await withLimits(options, (limits) => limits.banned(LIMIT_FACE));
  const rows = (banned ?? []).map(({ key, untilMs }) => ({ who: key, until: new Date(untilMs).toISOString() }));
  if (options.json === true) output.print(JSON.stringify(rows));
  else output.print(formatTable([['who', 'until'], ...rows.map((row) => [shown(row.who), row.until])]));
}

/** Ends a ban at once. Throws `CLI_CCE_NOT_FOUND`, `FAIRLEAD_STORE`. */
export async function liftBan(who: string, options: CareOptions, output: Output): Promise<void> {
  const isLifted = await withLimits(options, async (limits) => {
    if (!(await limits.banned(LIMIT_FACE)).some(({ key }) => key === who)) return false;
    await limits.succeeded(LIMIT_FACE, [who]);
    return true;
  });
  if (isLifted !== true) throw CliError('CLI_CCE_NOT_FOUND', { reason: `${shown(who)} is not banned; see fairlead cce bans list` });
  output.print(`The ban of ${shown(who)} is lifted.`);
}

async function withLimits<T>(options: CareOptions, work: (limits: Limits) => Promise<T>): Promise<T | undefined> {
  await using store = await openForLooking(loadConfiguration({ file: options.config }));
  return store === undefined ? undefined : await work(new Limits({ store, clock: systemClock }));
}
