import { readFile } from 'node:fs/promises';
import {
  AsyncScope,
  type Bridge,
  type BridgeContext,
  type Health,
  type ListenerPlugin,
  type RunningBridge,
} from '@fairlead/kernel/lifecycle';
import type { FastifyInstance } from 'fastify';
import { type CyberappBridgeSettings, sections } from './config.ts';
import { CyberappError } from './errors.ts';
import { CallbackHandler } from './handler.ts';
import { sweepJob } from './jobs/sweep.ts';
import { cyberappMetrics } from './metrics.ts';
import { Replays } from './service/replay.ts';
import { LIMIT_FACE } from './service/security/authenticator.ts';
import { countMappings } from './store/counts.ts';
import { cyberappMigrations } from './store/migrations.ts';

/** The CyberApp of Acronis: callbacks, and the connector. */
export const bridge: Bridge<typeof sections, FastifyInstance> = {
  id: 'cyberapp',
  title: 'Acronis CyberApp',
  config: sections,
  errors: CyberappError.specs,
  migrations: cyberappMigrations,
  metrics: [cyberappMetrics],
  sealed: [],
  digests: [{ table: 'cyberapp_password_resets', column: 'token_digest', created: 'requested_ms' }],
  start,
};

async function start(context: BridgeContext, { cyberapp, connector }: CyberappBridgeSettings): Promise<RunningBridge<FastifyInstance>> {
  await using scope = new AsyncScope();
  const ca = connector.ca === undefined ? undefined : await readFile(connector.ca, 'utf8');
  const network = { ca, allowPrivate: connector.allow_private };
  const handler = scope.use(await CallbackHandler.start({ context, settings: cyberapp, network }));
  watchNumbers(context, handler);
  const replays = new Replays(context.store);
  const held = scope.move();
  return {
    plugins: handler.listener === undefined ? [pluginOf(handler, cyberapp.paths)] : [],
    addresses: handler.listener === undefined ? {} : { cyberapp: handler.listener.url },
    jobs: [sweepJob([() => replays.sweep(), () => handler.users.sweepResets()])],
    health: async () => healthOf(handler, cyberapp.request_token),
    reload: async (config) => handler.listener?.renew((config as CyberappBridgeSettings).cyberapp),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

function pluginOf({ face }: CallbackHandler, paths: readonly string[]): ListenerPlugin<FastifyInstance> {
  return { listener: 'main', prefixes: paths, face: 'CyberApp', register: (app) => face.register(app, { index: false }) };
}

function watchNumbers(context: BridgeContext, { verifier }: CallbackHandler): void {
  const { locked, mappings, keyAge } = context.metrics.use(cyberappMetrics);
  locked.collect(async () => [{ labels: {}, value: (await context.limits.countBanned()).get(LIMIT_FACE) ?? 0 }]);
  mappings.collect(async () => Object.entries(await countMappings(context.store)).map(([state, value]) => ({ labels: { state }, value })));
  keyAge.collect(() => (verifier.keyAgeMs === undefined ? [] : [{ labels: {}, value: verifier.keyAgeMs / 1000 }]));
}

function healthOf({ verifier }: CallbackHandler, mode: string): Health {
  const age = verifier.keyAgeMs;
  const keys = age === undefined ? 'not fetched yet' : `${Math.round(age / 60_000)} minutes old`;
  return {
    ok: mode === 'off' || age !== undefined,
    facts: {
      'signing keys': keys,
      ...(mode !== 'required' && { warning: `callbacks are believed without a signature (request_token = ${mode})` }),
    },
  };
}
