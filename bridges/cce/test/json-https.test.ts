import { closeServer, createApp, listen } from '@fairlead/http';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { testAuthority } from '@fairlead/testkit/certs';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { startJsonRig } from './support/json-rig.ts';

interface Listening extends AsyncDisposable {
  post(body: string | AsyncIterable<Uint8Array>, headers?: Record<string, string>): Promise<{ status: number; json: unknown }>;
}

/** The face on a listener of its own, as the bridge opens it. */
async function listening(settings: { maxBody: number }): Promise<Listening> {
  const scope = new AsyncScope();
  const rig = scope.use(await startJsonRig({ settings }));
  const certificate = scope.use(await testAuthority());
  const { app, server } = createApp({ certificate });
  await rig.face.register(app);
  await app.ready();
  const { port } = await listen(server, { host: '127.0.0.1', port: 0, certificate });
  scope.defer(() => closeServer(server));
  const agent = new Agent({ connect: { ca: certificate.ca } });
  scope.defer(() => agent.close());
  return {
    post: async (body, headers = {}) => {
      const reply = await request(`https://127.0.0.1:${port}/v2/cce`, { method: 'POST', body: body as string, headers, dispatcher: agent });
      return { status: reply.statusCode, json: await reply.body.json() };
    },
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

test('the face answers over HTTPS, whatever the header says the body is', async () => {
  await using server = await listening({ maxBody: 4096 });
  const body = JSON.stringify({ cmd: 'WHOAMI' });
  const answer = { status: 200, json: { status: 201, message: 'GOODBYE', data: { oid: '-1' } } };
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'nonsense/', 'text/html; charset=x']) {
    expect(await server.post(body, { 'content-type': type }), type).toEqual(answer);
  }
  expect(await server.post(body)).toEqual(answer);
  const many = await Promise.all(Array.from({ length: 20 }, () => server.post(body)));
  expect(many.every((one) => JSON.stringify(one) === JSON.stringify(answer))).toBe(true);
});

test('cce 17.102: a body of two MiB is refused, announced or not', async () => {
  await using server = await listening({ maxBody: 1_048_576 });
  const tooLarge = { status: 413, json: { status: 413, message: 'Request body too large' } };
  expect(await server.post(JSON.stringify({ cmd: 'PING', x: 'y'.repeat(2 * 1_048_576) }))).toEqual(tooLarge);
  const chunk = Buffer.alloc(65_536, 'y');
  async function* unannounced() {
    for (let sent = 0; sent < 32; sent++) yield chunk;
  }
  expect(await server.post(unannounced())).toEqual(tooLarge);
  expect(await server.post('{"cmd":"PING"}')).toMatchObject({ status: 202 });
});
