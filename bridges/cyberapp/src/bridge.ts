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
import { Connector } from './connector.ts';
import { connectorMetrics } from './connector-metrics.ts';
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
  metrics: [cyberappMetrics, connectorMetrics],
  sealed: [],
  digests: [{ table: 'cyberapp_password_resets', column: 'token_digest', created: 'requested_ms' }],
  start,
};

async function start(context: BridgeContext, settings: CyberappBridgeSettings): Promise<RunningBridge<FastifyInstance>> {
  await using scope = new AsyncScope();
  const { cyberapp, connector: push } = settings;
  const ca = push.ca === undefined ? undefined : await readFile(push.ca, 'utf8');
  const network = { ca, allowPrivate: push.allow_private };
  const handler = cyberapp.enabled ? scope.use(await CallbackHandler.start({ context, settings: cyberapp, network })) : undefined;
  const connector = push.enabled ? scope.use(await Connector.start({ context, settings, ca })) : undefined;
  watchMappings(context);
  if (handler !== undefined) watchCallbacks(context, handler);
  const sweeps = [() => new Replays(context.store).sweep(), async () => handler?.users.sweepResets()];
  const held = scope.move();
  return {
    plugins: handler !== undefined && handler.listener === undefined ? [pluginOf(handler, cyberapp.paths)] : [],
    addresses: handler?.listener === undefined ? {} : { cyberapp: handler.listener.url },
    jobs: [sweepJob(sweeps), ...(connector?.jobs ?? [])],
    health: () => healthOf(handler, connector, cyberapp.request_token),
    reload: (config) => reload(handler, connector, config as CyberappBridgeSettings),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

/** Both halves take up what they can; the first failure is told after both have tried. */
async function reload(
  handler: CallbackHandler | undefined,
  connector: Connector | undefined,
  settings: CyberappBridgeSettings,
): Promise<void> {
  const outcomes = await Promise.allSettled([handler?.listener?.renew(settings.cyberapp), connector?.reload(settings)]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

function pluginOf({ face }: CallbackHandler, paths: readonly string[]): ListenerPlugin<FastifyInstance> {
  return { listener: 'main', prefixes: paths, face: 'CyberApp', register: (app) => face.register(app, { index: false }) };
}

function watchMappings(context: BridgeContext): void {
  const { mappings } = context.metrics.use(cyberappMetrics);
  mappings.collect(async () => Object.entries(await countMappings(context.store)).map(([state, value]) => ({ labels: { state }, value })));
}

function watchCallbacks(context: BridgeContext, { verifier }: CallbackHandler): void {
  const { locked, keyAge } = context.metrics.use(cyberappMetrics);
  locked.collect(async () => [{ labels: {}, value: (await context.limits.countBanned()).get(LIMIT_FACE) ?? 0 }]);
  keyAge.collect(() => (verifier.keyAgeMs === undefined ? [] : [{ labels: {}, value: verifier.keyAgeMs / 1000 }]));
}

/** Ready is who can verify callbacks; what is wrong with the connector is a warning (cyberapp 10.4). */
async function healthOf(handler: CallbackHandler | undefined, connector: Connector | undefined, mode: string): Promise<Health> {
  const facts = (await connector?.facts()) ?? {};
  if (handler === undefined) return { ok: true, facts };
  const age = handler.verifier.keyAgeMs;
  const weak = mode === 'required' ? [] : [`callbacks are believed without a signature (request_token = ${mode})`];
  const warning = [...weak, ...('warning' in facts ? [String(facts.warning)] : [])].join('; ');
  const keys = age === undefined ? 'not fetched yet' : `${Math.round(age / 60_000)} minutes old`;
  return { ok: mode === 'off' || age !== undefined, facts: { ...facts, 'signing keys': keys, ...(warning !== '' && { warning }) } };
}
