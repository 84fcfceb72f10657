import { join } from 'node:path';
import { codbMigrations } from '@fairlead/engine-cce';
import { textOf } from '@fairlead/engine-cce/native';
import { AsyncScope, type Bridge, type BridgeContext, type Health, type RunningBridge } from '@fairlead/kernel/lifecycle';
import type { Log } from '@fairlead/kernel/log';
import type { FastifyInstance } from 'fastify';
import { CceFace } from './api/face.ts';
import { type CceSettings, sections } from './config.ts';
import { Drain } from './drain.ts';
import { CceError } from './errors.ts';
import { sweepJob } from './jobs/sweep.ts';
import { Listeners } from './listeners.ts';
import { cceMetrics } from './metrics.ts';
import { auditCommit } from './service/audit-commits.ts';
import type { Backend } from './service/backend.ts';
import { SiteInventory } from './service/inventory.ts';
import { type OpenBackend, openBackend } from './service/open-backend.ts';
import { openSecurity, type Security } from './service/open-security.ts';
import { Transactions } from './service/queue/transactions.ts';
import { ApiAdminKeeper } from './service/security/api-admin-keeper.ts';
import { PasswordFile } from './service/security/password-file.ts';
import { API_ADMIN } from './service/security/tokens.ts';
import { WatchedBackend } from './service/watched-backend.ts';
import { commandSettings, faceSettings } from './settings.ts';
import { KeptAnswers } from './store/kept-answers.ts';
import { Lease, leaseMigrations } from './store/leases.ts';
import { queueSealed } from './store/queue.ts';
import { queueMigrations } from './store/queue-migrations.ts';
import { VERSION } from './version.ts';

/** The JSON API of BlueOnyx. */
export const bridge: Bridge<typeof sections, FastifyInstance> = {
  id: 'cce',
  title: 'JSON API of BlueOnyx',
  config: sections,
  errors: CceError.specs,
  migrations: [...codbMigrations, ...queueMigrations, ...leaseMigrations],
  metrics: [cceMetrics],
  sealed: queueSealed,
  digests: [],
  start,
};

/** Of the five seconds that a stop may take: then whoever still waits is told. */
const DRAIN_MS = 4500;

/** What runs behind the face. */
interface Running {
  readonly context: BridgeContext;
  readonly settings: CceSettings;
  readonly opened: OpenBackend;
  readonly backend: Backend;
  readonly transactions: Transactions;
  readonly security: Security;
  readonly admin: ApiAdminKeeper;
  readonly log: Log;
}

async function start(context: BridgeContext, { cce: settings }: { readonly cce: CceSettings }): Promise<RunningBridge<FastifyInstance>> {
  await using scope = new AsyncScope();
  const running = await startService(context, settings, scope);
  const kept = new KeptAnswers(context.store, context.secrets);
  const listeners = await openFace(running, kept, scope);
  watchNumbers(running);
  const { host_id: hostId, disk_units: units } = settings;
  context.services.provide('inventory.blueonyx', new SiteInventory({ backend: running.backend, clock: context.clock, hostId, units }));
  const held = scope.move();
  return {
    plugins: [],
    addresses: Object.fromEntries(listeners.urls.map((url, index) => [index === 0 ? 'cce' : `cce ${index + 1}`, url])),
    jobs: [sweepJob([() => running.transactions.sweep(), () => kept.sweep()])],
    health: (signal) => healthOf(running, signal),
    // The composition root hands on what this bridge's own sections hold.
    reload: (config) => reload(running, listeners, (config as { readonly cce: CceSettings }).cce),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

async function startService(context: BridgeContext, settings: CceSettings, scope: AsyncScope): Promise<Running> {
  const { store, secrets, clock, audit } = context;
  const log = context.log.child({ part: 'api' });
  setLevel(log, context.log, settings);
  const stateDir = settings.state_dir ?? join(context.server.stateDir, 'cce');
  const passwords = new PasswordFile(stateDir, context.log);
  const transactions = new Transactions({ store, secrets, idleMs: settings.dts_idle });
  const opened = scope.use(await openBackend({ context, settings, passwords, heldOids: () => transactions.heldOids() }));
  const { conflicts } = context.metrics.use(cceMetrics);
  const refused = new Set(settings.allow_apiadmin_auth ? [] : [API_ADMIN]);
  const backend = new WatchedBackend(opened.backend, { refused, onConflict: () => conflicts.add({}) });
  const lease = backend.kind === 'embedded' ? new Lease('cce.api-admin', store) : undefined;
  const admin = scope.use(await ApiAdminKeeper.start({ doors: opened.doors, file: passwords, clock, log: context.log, lease }));
  scope.defer(backend.onCommit((commit) => void auditCommit(audit, commit)));
  const security = await openSecurity({ context, settings, stateDir, backend });
  return { context, settings, opened, backend, transactions, security, admin, log };
}

async function openFace(running: Running, kept: KeptAnswers, scope: AsyncScope): Promise<Listeners> {
  const { context, settings, opened, backend, transactions, security, log } = running;
  const { events } = opened;
  const { gatekeeper, finder } = security;
  const stopping = new AbortController();
  const drain = new Drain();
  const { requests, seconds } = context.metrics.use(cceMetrics);
  const commands = { settings: commandSettings(settings), clock: context.clock, version: VERSION, textOf };
  const face = new CceFace({
    parts: { backend, gatekeeper, transactions, kept, events, ...commands },
    settings: faceSettings(settings),
    log,
    callerOf: ({ peer, headers }) =>
      finder.callerOf({
        peer,
        realIp: headers['x-real-ip'],
        forwarded: headers['x-forwarded-for'],
        clientSecret: headers['x-client-secret'],
      }),
    stopping: stopping.signal,
    observe: ({ verb, status, seconds: took }) => {
      requests.add({ verb, status: String(status) });
      seconds.observe({ verb }, took);
    },
  });
  const register = async (app: FastifyInstance) => {
    drain.watch(app);
    await face.register(app);
  };
  const listeners = await Listeners.open({ settings, context, register });
  scope.defer(async () => {
    const closing = listeners[Symbol.asyncDispose]();
    await drain.wait(DRAIN_MS);
    stopping.abort(new DOMException('the gateway is stopping', 'AbortError'));
    await closing;
  });
  return listeners;
}

function watchNumbers({ context, security, opened }: Running): void {
  const { tokens, bans, connections } = context.metrics.use(cceMetrics);
  tokens.collect(async () => [{ labels: {}, value: await security.tokens.count() }]);
  bans.collect(async () => [{ labels: {}, value: (await context.limits.countBanned()).get('cce') ?? 0 }]);
  connections.collect(() => Object.entries(opened.connections()).map(([state, value]) => ({ labels: { state }, value })));
}

/** Each part takes up what it can; the first that cannot is told after all have tried. */
async function reload({ context, opened, security, log }: Running, listeners: Listeners, settings: CceSettings): Promise<void> {
  setLevel(log, context.log, settings);
  const parts = [() => security.reload(settings), () => listeners.renew(settings), () => opened.reload()];
  const failures: unknown[] = [];
  for (const part of parts) await part().catch((error: unknown) => void failures.push(error));
  if (failures.length > 0) throw failures[0];
  context.log.info({}, 'access list, certificates, schemas and log switches are read anew');
}

async function healthOf({ backend, admin }: Running, signal: AbortSignal): Promise<Health> {
  const { ok, text, suspended } = await backend.health(signal);
  return {
    ok,
    facts: {
      backend: `${backend.kind}: ${text}`,
      ...(suspended !== undefined && { suspended }),
      login: admin.failure ?? 'api-admin is ready',
    },
  };
}

/** `logging` and `debuglog` (cce 10). */
function setLevel(log: Log, parent: Log, { logging, debuglog }: CceSettings): void {
  const everyday = debuglog ? 'debug' : parent.level;
  log.level = logging ? everyday : 'warn';
}
