import type { OvhClient } from '@fairlead/ovh';
import type { Expiring, Inventory, RecordError } from '@fairlead/ovh/inventory';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { requestCommand } from '../credential/rules.ts';
import type { ClientWords } from '../shared/client.ts';
import { printable } from '../shared/text.ts';

interface Teller {
  readonly client: OvhClient;
  readonly words: ClientWords;
  readonly output: Output;
}

/** For the question what the key may do already: it must not keep anybody waiting. */
const LIMIT_MS = 10_000;

/** Tells what could not be read and why, each reason once, and which command gets the access rules; the error that says so is given. */
export async function tellMissing(found: Inventory | Expiring, { client, words, output }: Teller): Promise<Error> {
  const errors =
    'records' in found ? [...found.errors, ...found.records.flatMap((record) => record.errors)] : [...found.refused, ...found.errors];
  const lines = linesOf(errors);
  const command = found.missingRules.length === 0 ? undefined : await commandFor(found.missingRules, client, words);
  const reason = `${lines.length} kinds of calls failed`;
  // As JSON the one object on standard error says all of it.
  if (words.json === true)
    return CliError('CLI_OVH_PARTIAL', { reason: [reason, ...lines, ...(command === undefined ? [] : [command])].join('; ') });
  for (const line of lines) output.tell(line);
  if (command !== undefined) {
    output.tell(`The consumer key lacks: ${found.missingRules.join(', ')}. A key that has them, and all that this one has:`);
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

/** The rules of a key cannot be changed: the new one needs what the present one has, too. */
async function commandFor(missing: readonly string[], client: OvhClient, words: ClientWords): Promise<string> {
  const current = await client.credentials.current({ timeout: LIMIT_MS, retry: false }).catch(() => undefined);
  const present = (current?.rules ?? []).map(({ method, path }) => `${method} ${path}`);
  return requestCommand([...new Set([...present, ...missing])], words);
}
