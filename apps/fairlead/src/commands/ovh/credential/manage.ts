import type { Credential, CredentialStatus } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import { type PrintWords, printResult } from '../shared/print.ts';
import { idOf, printItems, printRows, wantsWhole } from '../shared/rows.ts';
import { requestCommand } from '../shared/shell.ts';
import { toJson } from '../shared/text.ts';

export interface ListCredentialWords extends ClientWords, PrintWords {
  readonly status?: string;
  readonly application?: number;
}

const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE'];
const STATUSES: readonly string[] = ['pendingValidation', 'validated', 'refused', 'expired'] satisfies CredentialStatus[];

/** Prints what the key in use is and may do. */
export async function showCurrent(words: ClientWords & PrintWords, output: Output): Promise<void> {
  await withClient(words, output, async (client) => printOne(await client.credentials.current(), words, output));
}

export async function showCredential(id: string, words: ClientWords & PrintWords, output: Output): Promise<void> {
  const number = idOf(id, 'a credential');
  await withClient(words, output, async (client) => printOne(await client.credentials.get(number), words, output));
}

/** Throws `CLI_USAGE`, and `CLI_OVH_PARTIAL` when some keys could not be read. */
export async function listCredentials(words: ListCredentialWords, output: Output): Promise<void> {
  const { status, application: applicationId } = words;
  if (status !== undefined && !STATUSES.includes(status))
    throw CliError('CLI_USAGE', { reason: `--status is one of ${STATUSES.join(', ')}` });
  await withClient(words, output, async (client) => {
    const filter = {
      ...(status !== undefined && { status: status as CredentialStatus }),
      ...(applicationId !== undefined && { applicationId }),
    };
    const ids = await client.credentials.list(filter);
    const items = await client.expand<Credential>('/me/api/credential', ids, { onItemError: 'collect' });
    printItems(items, { words, output }, (values) => printRows(values, rowOf, words, output));
  });
}

/** Ends them one after the other; each that has ended is told at once. */
export async function revokeCredentials(ids: readonly string[], words: ClientWords, output: Output): Promise<void> {
  const numbers = ids.map((id) => (id === 'current' ? id : idOf(id, 'a credential')));
  await withClient(words, output, async (client) => {
    for (const id of numbers) {
      if (id === 'current') await client.credentials.logout();
      else await client.credentials.revoke(id);
      if (words.json === true) output.print(toJson({ credential: id, ended: true }));
      else output.print(id === 'current' ? 'The key in use has ended.' : `The key ${id} has ended.`);
    }
  });
}

/** Throws `CLI_USAGE` for a method that the API does not have, and ToldError of `CLI_OVH_NOT_GRANTED` when a rule is missing. */
export async function explainCall(method: string, path: string, words: ClientWords, output: Output): Promise<void> {
  if (!METHODS.includes(method.toUpperCase())) throw CliError('CLI_USAGE', { reason: `${method} is none of ${METHODS.join(', ')}` });
  await withClient(words, output, async (client) => {
    const explanation = await client.credentials.explainDenied(method, path);
    if (words.json === true) printResult(explanation, words, output);
    else output.print(explanation.text);
    if (explanation.missing === undefined) return;
    const { method: verb, path: covered } = explanation.missing;
    if (words.json !== true)
      output.tell(`This asks for a key that has it, and all that this one has:\n  ${requestCommand([`${verb} ${covered}`], words)}`);
    throw CliError('CLI_OVH_NOT_GRANTED', { rule: `${verb}:${covered}` });
  });
}

/** The facts, then the rules. */
function printOne(credential: Credential, words: PrintWords, output: Output): void {
  const { rules, ...facts } = credential;
  if (wantsWhole(words)) {
    printResult(credential, words, output);
    return;
  }
  printResult(facts, { table: true }, output);
  output.print('');
  printResult(rules, { table: true }, output);
}

function rowOf({ credentialId, applicationId, status, creation, expiration, lastUse, allowedIPs, rules }: Credential): object {
  const ips = allowedIPs?.join(' ') ?? 'any';
  return {
    credential: credentialId,
    application: applicationId,
    status,
    created: creation,
    ends: expiration,
    'last use': lastUse,
    ips,
    rules: rules.length,
  };
}
