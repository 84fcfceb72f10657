import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** Of one hop only (RFC 9110 7.6.1); what `Connection` names is added to these. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
];

/** What of a request goes on to the host: everything but the hop's own headers and the name of the proxy. */
export function forwardedRequest(headers: IncomingHttpHeaders, host: string): OutgoingHttpHeaders {
  const { 'transfer-encoding': _chunks, expect: _expect, ...others } = withoutHop(headers);
  return { ...others, host };
}

/** What of an answer goes back to the client, unchanged and in its order. */
export function forwardedAnswer(answer: IncomingMessage): OutgoingHttpHeaders {
  const { 'transfer-encoding': _chunks, ...headers } = withoutHop(answer.headers);
  return headers;
}

function withoutHop(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name) && !named.includes(name)));
}
