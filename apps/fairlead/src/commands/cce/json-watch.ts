import type { WatchedEvent } from '@fairlead/cscp';
import { isWatched, type WatchFilter } from '@fairlead/cscp/codec';
import { CliError } from '../../cli-errors.ts';
import type { JsonAnswer } from './json-answer.ts';
import { replyOfAnswer } from './json-answer.ts';
import { type JsonOptions, openApi } from './json-link.ts';

/** How long the API may wait for the next event. */
const POLL_S = '25';

/** What is committed from now on, asked of the JSON API by one long poll after the other; `begun` is called once nothing is missed any more. */
export async function* watchOverJson(
  filters: readonly WatchFilter[],
  options: JsonOptions,
  { signal, begun }: { readonly signal: AbortSignal; readonly begun: () => void },
): AsyncGenerator<WatchedEvent, void, void> {
  await using api = await openApi(options, signal);
  let since = lastOf(await api.post({ cmd: 'EVENTS', timeout: '0' }));
  begun();
  for (;;) {
    const answer = await api.post({ cmd: 'EVENTS', since, timeout: POLL_S });
    since = lastOf(answer);
    for (const { txn, class: name, event } of answer.data.events ?? [])
      if (isWatched(filters, { class: name, ...partsOf(event) })) yield { transaction: txn, event };
  }
}

/** Throws what a refusal means. */
function lastOf(answer: JsonAnswer): string {
  const { last } = answer.data;
  if (answer.status === 201 && last !== undefined) return last;
  const { end } = replyOfAnswer(answer);
  throw CliError('CLI_CCE_FAILED', { reason: `EVENTS was answered with ${end}` });
}

/** `56.Disk.quota`, `56..description`, `57._CREATE`. */
function partsOf(event: string): { readonly namespace: string; readonly name: string } {
  const [, second = '', third] = event.split('.');
  return third === undefined ? { namespace: '', name: second } : { namespace: second, name: third };
}
