import type { FastifyReply } from 'fastify';
import type { EventFilter } from '../map/command.ts';
import { formatJson } from '../map/json.ts';
import type { Call } from '../service/commands/call.ts';
import { eventNumber, eventsAfter } from '../service/commands/events.ts';
import type { Admission } from '../service/security/gatekeeper.ts';

export interface EventStreamOptions {
  readonly call: Call;
  readonly filter: EventFilter;
  /** `Last-Event-ID`: what the reader has seen already. */
  readonly since: string | undefined;
  readonly stopping: AbortSignal;
  /** Whether the credentials hold still, and what they allow now. Rejects when they do not. */
  readonly authorize: () => Promise<Admission>;
}

/** A line that means nothing, so that proxies keep the connection. */
const ALIVE_MS = 15_000;

/**
 * Events as a stream (Server-Sent Events) until the reader leaves. The credentials are looked at with every event: when they end, so does the stream.
 */
export async function answerEventStream(reply: FastifyReply, options: EventStreamOptions): Promise<FastifyReply> {
  const { call, filter, since, stopping } = options;
  using _place = call.parts.events.watch();
  const left = new AbortController();
  reply.raw.once('close', () => left.abort(new DOMException('the reader has left', 'AbortError')));
  const streaming: Call = { ...call, signal: AbortSignal.any([left.signal, stopping]) };
  const from = eventNumber(since) ?? (await call.parts.events.last());
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  reply.raw.write(': events\n\n');
  await follow(reply, streaming, { from, filter, authorize: options.authorize }).catch(() => undefined);
  reply.raw.end();
  return reply;
}

interface Following extends Pick<EventStreamOptions, 'filter' | 'authorize'> {
  readonly from: number;
}

async function follow(reply: FastifyReply, first: Call, { from, filter, authorize }: Following): Promise<void> {
  let call = first;
  const { clock, events: history } = call.parts;
  let at = from;
  let saidMs = clock.now();
  while (!call.signal.aborted) {
    const seen = await eventsAfter(call, at, filter);
    const isQuiet = clock.now() - saidMs < ALIVE_MS;
    if (seen.upTo > at || !isQuiet) call = { ...call, admission: await authorize() };
    for (const { id, json } of seen.events) await write(reply, call.signal, `id: ${id}\ndata: ${formatJson(json)}\n\n`);
    if (seen.events.length === 0 && !isQuiet) await write(reply, call.signal, ': alive\n\n');
    if (seen.events.length > 0 || !isQuiet) saidMs = clock.now();
    if (seen.upTo === at) await history.more(call.signal);
    at = seen.upTo;
  }
}

/** Waits for a reader that is slower than the events. */
async function write(reply: FastifyReply, signal: AbortSignal, text: string): Promise<void> {
  if (reply.raw.write(text)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const go = () => resolve();
  reply.raw.once('drain', go);
  signal.addEventListener('abort', go, { once: true });
  await promise;
  reply.raw.removeListener('drain', go);
  signal.removeEventListener('abort', go);
}
