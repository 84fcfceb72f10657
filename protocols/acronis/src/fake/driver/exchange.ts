import { type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';

/** Header lines as they are sent, repeated ones too. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

export interface Wire {
  readonly method: string;
  readonly headers: HeaderLines;
  readonly body: string | Buffer;
}

/** What came back; status 0 with the reason when nothing whole did. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly failure?: 'timeout' | 'unreachable';
}

export interface WireOptions {
  readonly url: string;
  /** PEM of roots to trust instead of the system's. */
  readonly ca?: string | undefined;
  readonly timeoutMs: number;
}

const MAX_ANSWER = 16 * 1024 * 1024;

/** Sends one request on a connection of its own. Never rejects. */
export function exchange({ method, headers, body }: Wire, { url, ca, timeoutMs }: WireOptions): Promise<WireAnswer> {
  const send = url.startsWith('https:') ? tlsRequest : plainRequest;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const failed = () => resolve({ status: 0, headers: {}, text: '', failure: signal.aborted ? 'timeout' : 'unreachable' });
    const request = send(url, { method, agent: false, signal, ...(ca === undefined ? {} : { ca }) }, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > MAX_ANSWER) request.destroy();
        else parts.push(part);
      });
      response.on('error', failed);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString('utf8') });
      });
    });
    request.on('error', failed);
    for (const [name, values] of grouped(headers)) request.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
    request.end(body);
  });
}

function grouped(headers: HeaderLines): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return groups;
}
