import { type ExpiringService, readExpiring } from '@fairlead/ovh/inventory';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import type { PrintWords } from '../shared/print.ts';
import { printRows } from '../shared/rows.ts';
import { tellMissing } from './tell-missing.ts';

export type ExpiringWords = ClientWords & PrintWords & { readonly days: number };

/** Prints services that need attention, the soonest first. Throws ToldError: `CLI_OVH_PARTIAL` when some could not be read. */
export async function printExpiring(words: ExpiringWords, output: Output): Promise<void> {
  await withClient(words, output, async (client) => {
    const found = await readExpiring(client, { days: words.days });
    printRows(found.services, rowOf, words, output);
    if (!found.complete) throw tellMissing(found, words, output);
    if (found.services.length === 0 && words.json !== true) output.tell(`Nothing ends within ${found.days} days of ${found.today}.`);
  });
}

function rowOf({ expires, days, reason, status, autoRenew, type, name, displayName }: ExpiringService): object {
  return { expires, days, reason, status, renewal: renewalOf(autoRenew), type, name, called: displayName === name ? '' : displayName };
}

function renewalOf(autoRenew: boolean | undefined): string | undefined {
  if (autoRenew === undefined) return undefined;
  return autoRenew ? 'automatic' : 'by hand';
}
