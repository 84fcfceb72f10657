import type { Server } from 'node:https';
import type { Health, ListenerPlugin } from '@fairlead/kernel/lifecycle';
import type { Log } from '@fairlead/kernel/log';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { closeServer, createApp, type ListenerOptions, listen, secureOptions } from './listener.ts';

/** What a face is mounted on. */
export type App = FastifyInstance;
export type FacePlugin = ListenerPlugin<App>;

export interface MainListenerOptions extends ListenerOptions {
  readonly faces: readonly FacePlugin[];
  readonly log: Log;
  /** Health of every part, asked for by `/readyz`. */
  health(signal: AbortSignal): Promise<Readonly<Record<string, Health>>>;
  /** May this address read the details of `/readyz`? */
  mayOperate(address: string): boolean;
}

export interface MainListener extends AsyncDisposable {
  readonly port: number;
  readonly server: Server;
  /** Shows another certificate to new connections; those that are open go on. */
  renew(certificate: ListenerOptions['certificate']): void;
}

const HEALTH_DEADLINE_MS = 5_000;

/** The listener of 8443 (design 7): the faces of the bridges, `GET /`, `/healthz`, `/readyz`; everything else is 404 JSON. */
export async function openMainListener(options: MainListenerOptions): Promise<MainListener> {
  const { app, server } = createApp(options);
  logRequests(app, options.log);
  app.get('/', (_request, reply) => reply.type('text/plain').send(`Fairlead: ${options.faces.map((one) => one.face).join(', ')}\n`));
  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/readyz', (request, reply) => answerReadiness(request, reply, options));
  for (const face of options.faces) await app.register((scope) => face.register(scope as FastifyInstance));
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not_found', message: 'No face of Fairlead answers this path.' }),
  );
  app.setErrorHandler((error, _request, reply) => {
    options.log.error({ err: error }, 'request failed outside the faces');
    return reply.code(500).send({ error: 'internal', message: 'The gateway failed; its log says why.' });
  });
  await app.ready();
  const address = await listen(server, options);
  const close = async () => {
    await closeServer(server);
    await app.close();
  };
  const renew = (certificate: ListenerOptions['certificate']) => server.setSecureContext(secureOptions(certificate));
  return { port: address.port, server, renew, [Symbol.asyncDispose]: close };
}

async function answerReadiness(request: FastifyRequest, reply: FastifyReply, options: MainListenerOptions): Promise<FastifyReply> {
  const health = await options.health(AbortSignal.timeout(HEALTH_DEADLINE_MS));
  const ok = Object.values(health).every((one) => one.ok);
  const body = options.mayOperate(request.ip) ? { ok, parts: health } : { ok };
  return reply.code(ok ? 200 : 503).send(body);
}

/** One line for each request; the URL without its query, which may hold what nobody should read. */
function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?', 1)[0];
    log.info({ method: request.method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime), from: request.ip }, 'request');
  });
}
