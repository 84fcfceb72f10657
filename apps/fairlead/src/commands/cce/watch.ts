import { CscpError, type WatchedEvent } from '@fairlead/cscp';
import { readWatchFilter, type WatchFilter } from '@fairlead/cscp/codec';
import { stopSignal } from '@fairlead/kernel/lifecycle';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { jsonOptions, type LinkOptions } from './link.ts';
import { shown } from './print-reply.ts';
import { asAway, connectSocket } from './socket-link.ts';

export type WatchOptions = LinkOptions & { readonly json?: boolean; readonly count?: string };

/** cced may be slow to begin. */
const BEGIN_MS = 30_000;

/**
 * Prints what is committed until SIGINT or SIGTERM, or until so many events were printed (cce 12.1): the number of the transaction and the event, or a
 * line of JSON. Throws `CLI_USAGE`, `CLI_CCE_AWAY`, `CLI_CCE_DENIED`, and `CLI_CCE_FAILED` when the socket does not offer WATCH.
 */
export async function watchObjects(texts: readonly string[], options: WatchOptions, output: Output): Promise<void> {
  const filters = texts.map(readFilter);
  const most = readCount(options.count);
  const left = new AbortController();
  void stopSignal(['SIGINT', 'SIGTERM']).then(() => left.abort());
  const print = (one: WatchedEvent) => output.print(options.json === true ? JSON.stringify(one) : shown(`${one.transaction} ${one.event}`));
  let printed = 0;
  try {
    for await (const one of eventsOf(filters, options, { signal: left.signal, begun: () => output.tell('watching') })) {
      print(one);
      printed += 1;
      if (printed === most) return;
    }
  } catch (error) {
    if (!left.signal.aborted) throw told(error);
  }
}

interface Watching {
  readonly signal: AbortSignal;
  /** Everything that is committed from now on is told. */
  readonly begun: () => void;
}

/** Over the way that the options name, as any command takes it. */
async function* eventsOf(
  filters: readonly WatchFilter[],
  options: LinkOptions,
  watching: Watching,
): AsyncGenerator<WatchedEvent, void, void> {
  const json = jsonOptions(options);
  if (json !== undefined) return yield* (await import('./json-watch.ts')).watchOverJson(filters, json, watching);
  await using client = await connectSocket(options, watching.signal);
  await using watch = await client.watch(filters, { signal: watching.signal, timeoutMs: BEGIN_MS });
  watching.begun();
  yield* watch;
}

function readFilter(text: string): WatchFilter {
  const filter = readWatchFilter(text);
  if (filter === undefined) throw CliError('CLI_USAGE', { reason: `${shown(text)} is not of the form Class.Namespace.property` });
  return filter;
}

function readCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw CliError('CLI_USAGE', { reason: '--count takes a number from 1' });
  return Number(text);
}

function told(error: unknown): unknown {
  if (!(error instanceof CscpError) || error.code !== 'CSCP_REFUSED') return asTold(error);
  const hint = error.message.endsWith('402') ? '; [cce] extensions = true offers it' : '';
  return CliError('CLI_CCE_FAILED', { reason: `${error.message}${hint}` }, { cause: error });
}

function asTold(error: unknown): unknown {
  try {
    return asAway(error);
  } catch (away) {
    return away;
  }
}
