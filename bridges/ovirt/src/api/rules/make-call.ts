import type { Log } from '@fairlead/kernel/log';
import { booleanParameter, parseFollow, parseMax, readResource } from '@fairlead/ovirt/codec';
import type { Caller } from '../../service/caller.ts';
import { type Incoming, textHeader } from '../request.ts';
import type { Call } from '../route.ts';

interface CallParts {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Reads the common parameters (ovirt 2.5). Throws `OVIRT_WIRE_BAD_VALUE` for one that is no number or boolean. */
export function makeCall(incoming: Incoming, { caller, params, signal, log }: CallParts): Call {
  const { query, headers, body } = incoming;
  const text = (name: string) => query.get(name) ?? undefined;
  const allContent = booleanParameter('all_content', text('all_content') ?? textHeader(headers, 'all-content')) ?? false;
  return {
    caller,
    params,
    query,
    headers,
    correlationId: incoming.correlationId,
    address: incoming.address,
    follow: parseFollow(text('follow')),
    allContent,
    max: parseMax(text('max')),
    search: text('search'),
    caseSensitive: booleanParameter('case_sensitive', text('case_sensitive')) ?? true,
    async: booleanParameter('async', text('async')) ?? false,
    body: (type) => (body.length === 0 ? {} : readResource(type, body, { contentType: textHeader(headers, 'content-type') })),
    signal,
    log,
  };
}
