import { CliError } from '../../cli-errors.ts';
import { loadConfiguration } from '../../compose/configuration.ts';
import { formatTable, type Output } from '../../output.ts';
import { readUsage, reasonsToKeep, type SecretUsage } from './usage.ts';

/** Prints the key ids with their rows. Throws `CLI_SECRET_NOT_OVER` while the former secret is needed. */
export async function printSecretStatus(file: string | undefined, output: Output): Promise<void> {
  const usage = await readUsage(loadConfiguration({ file }));
  output.print(formatTable([['key id', 'secret', 'sealed rows'], ...rowsOf(usage)]));
  for (const { name, keyId, reads } of usage.gateways) output.print(`gateway ${name}: uses ${keyId}, reads ${reads.join(' and ')}`);
  const reasons = reasonsToKeep(usage);
  if (reasons.length > 0) throw CliError('CLI_SECRET_NOT_OVER', { reasons: reasons.join('; ') });
  if (usage.secrets.keyIds.length > 1) output.print('former_hmac_secret is needed no more: take it out of the configuration and restart.');
}

function rowsOf({ secrets, sealed, sinceMs }: SecretUsage): string[][] {
  const known = secrets.keyIds.map((id) => {
    const since = sinceMs === undefined ? 'not used yet' : `since ${new Date(sinceMs).toISOString()}`;
    return [id, id === secrets.keyId ? `current, ${since}` : 'former or prepared', String(sealed.get(id) ?? 0)];
  });
  const unknown = [...sealed].filter(([id]) => !secrets.keyIds.includes(id));
  return [...known, ...unknown.map(([id, rows]) => [id, 'UNKNOWN: these rows cannot be read', String(rows)])];
}
