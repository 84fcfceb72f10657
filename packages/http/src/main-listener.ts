import type { Server } from 'node:https';
import type { Networks } from '@fairlead/kernel/access';
import type { Health, ListenerPlugin } from '@fairlead/kernel/lifecycle';
import type { Log } from '@fairlead/kernel/log';
import type { Metrics } from '@fairlead/kernel/metrics';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { closeServer, createApp, type ListenerOptions, listen, secureOptions } from './listener.ts';
import { nameFace, observeRequests } from './observed.ts';

/** What a face is mounted on. */
export type App = FastifyInstance;
export type FacePlugin = ListenerPlugin<App>;

export interface MainListenerOptions extends ListenerOptions {
  readonly faces: readonly FacePlugin[];
  readonly log: Log;
  /** Health of every part, asked for by `/readyz`. */
  health(signal: AbortSignal): Promise<Readonly<Record<string, Health>>>;
  readonly metrics: Metrics;
  /** Who may read `/metrics` and the details of `/readyz`. */
  readonly operators: Networks;
}

export interface MainListener extends AsyncDisposable {
  readonly port: number;
  readonly server: Server;
  /** Shows another certificate to new connections; those that are open go on. */
  renew(certificate: ListenerOptions['certificate']): void;
}

const HEALTH_DEADLINE_MS = 5_000;

/** The listener of 8443 (design 7): the faces of the bridges, `GET /`, `/healthz`, `/readyz`, `/metrics`; everything else is 404 JSON. */
export async function openMainListener(options: MainListenerOptions): Promise<MainListener> {
  const { app, server } = createApp(options);
  observeRequests(app, options.log, options.metrics);
  app.get('/', (_request, reply) => reply.type('text/plain').send(`Fairlead: ${options.faces.map((one) => one.face).join(', ')}\n`));
  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/readyz', (request, reply) => answerReadiness(request, reply, options));
  app.get('/metrics', (request, reply) => answerMetrics(request, reply, options));
  for (const face of options.faces) {
    await app.register(async (scope) => {
      nameFace(scope as FastifyInstance, face);
      await face.register(scope as FastifyInstance);
    });
  }
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
  const body = options.operators.has(request.ip) ? { ok, parts: health } : { ok };
  return reply.code(ok ? 200 : 503).send(body);
}

async function answerMetrics(request: FastifyRequest, reply: FastifyReply, options: MainListenerOptions): Promise<FastifyReply> {
  if (!options.operators.has(request.ip)) {
    return reply.code(403).send({ error: 'forbidden', message: 'The metrics are for the addresses in [server] ops_allow_from.' });
  }
  const { contentType, text } = await options.metrics.page();
  return reply.type(contentType).send(text);
}
