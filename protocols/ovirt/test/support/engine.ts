import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestAuthority, testAuthority } from '@fairlead/testkit/certs';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Send this much and then break the connection. */
  readonly cut?: boolean;
  /** Never answer. */
  readonly silent?: boolean;
}

export interface TestEngine extends AsyncDisposable {
  readonly url: string;
  readonly ca: string;
  readonly seen: Seen[];
  /** Requests to `path` (without `/ovirt-engine`, with query), in order. */
  readonly to: (path: string) => Seen[];
}

/** A small oVirt engine by hand: it hands out tokens `t1`, `t2`, … and leaves the rest to `answer`, which may know who asks by token. */
export async function testEngine(answer: (request: Seen) => Reply | undefined): Promise<TestEngine> {
  const authority = await testAuthority();
  const seen: Seen[] = [];
  const server = createServer({ cert: authority.cert, key: authority.key }, (request, response) => {
    void respond(request, response, seen, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/ovirt-engine`,
    ca: authority.ca,
    seen,
    to: (path) => seen.filter((request) => request.url === path),
    [Symbol.asyncDispose]: () => stop(server, authority),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  seen: Seen[],
  answer: (request: Seen) => Reply | undefined,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = (request.url ?? '').replace(/^\/ovirt-engine/, '');
  const asked: Seen = { method: request.method ?? '', url, headers: request.headers, body: Buffer.concat(chunks).toString() };
  seen.push(asked);
  const tokens = seen.filter((each) => each.url === TOKEN_PATH).length;
  const reply = answer(asked) ?? (url === TOKEN_PATH ? { body: `{"access_token":"t${tokens}","token_type":"bearer"}` } : { status: 404 });
  if (reply.silent === true) return;
  response.writeHead(reply.status ?? 200, { 'Content-Type': 'application/xml', ...reply.headers });
  if (reply.cut === true) {
    response.write(reply.body ?? '', () => request.socket.destroy());
    return;
  }
  response.end(reply.body ?? '');
}

export const TOKEN_PATH = '/sso/oauth/token';

async function stop(server: ReturnType<typeof createServer>, authority: TestAuthority): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await authority[Symbol.asyncDispose]();
}
