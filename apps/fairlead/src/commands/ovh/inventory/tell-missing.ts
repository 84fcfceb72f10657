import { type Expiring, INVENTORY_RULES, type Inventory, type RecordError } from '@fairlead/ovh/inventory';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import type { ClientWords } from '../shared/client.ts';
import { requestCommand } from '../shared/shell.ts';
import { printable } from '../shared/text.ts';

/** Tells what could not be read and why, each reason once, and which command gets the access rules; the error that says so is given. */
export function tellMissing(found: Inventory | Expiring, words: ClientWords, output: Output): Error {
  const errors =
    'records' in found ? [...found.errors, ...found.records.flatMap((record) => record.errors)] : [...found.refused, ...found.errors];
  const lines = linesOf(errors);
  const command = found.missingRules.length === 0 ? undefined : requestCommand(wholeRules(found.missingRules), words);
  const reason = `${lines.length} kinds of calls failed`;
  // As JSON the one object on standard error says all of it.
  if (words.json === true)
    return CliError('CLI_OVH_PARTIAL', { reason: [reason, ...lines, ...(command === undefined ? [] : [command])].join('; ') });
  for (const line of lines) output.tell(line);
  if (command !== undefined) {
    output.tell(
      `The consumer key has no rule for: ${found.missingRules.join(', ')}. This asks for a key that has them, and all that it has now:`,
    );
    output.tell(`  ${command}`);
  }
  return CliError('CLI_OVH_PARTIAL', { reason });
}

/** `GET /vps/{serviceName}/ips: 12 times 503 …`. */
function linesOf(errors: readonly RecordError[]): string[] {
  const same = Map.groupBy(errors, ({ route, status, code }) => `${route} ${status} ${code}`);
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const times = group.length === 1 ? '' : `${group.length} times `;
    const id = first.queryId === undefined ? '' : ` (X-OVH-Query-Id: ${first.queryId})`;
    return [printable(`${first.route}: ${times}${first.status === 0 ? 'no answer' : first.status} ${first.code}: ${first.message}${id}`)];
  });
}

/** Who may not read a list was never asked about what is in it, and will be refused there next. */
function wholeRules(missing: readonly string[]): string[] {
  const below = INVENTORY_RULES.filter((rule) => missing.some((one) => rule === `${one}/*`));
  return [...new Set([...missing, ...below])];
}
