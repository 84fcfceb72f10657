import { keyFetcher, type TokenIssuer, TokenVerifier, tokenIssuer } from '@fairlead/acronis';
import { CallbackTable } from '@fairlead/acronis/codec';
import type { Clock } from '@fairlead/kernel/clock';
import { type ListenAddress, parseListenAddress } from '@fairlead/kernel/config';
import { FairleadError } from '@fairlead/kernel/errors';
import { AsyncScope, type BridgeContext } from '@fairlead/kernel/lifecycle';
import type { FastifyInstance } from 'fastify';
import { CallbackFace } from './api/face.ts';
import { observer } from './api/observe.ts';
import { Pipeline } from './api/pipeline.ts';
import { Admission } from './api/rules/admission.ts';
import type { CyberappSettings } from './config.ts';
import { CallbackListener } from './listener.ts';
import { Authenticator } from './service/security/authenticator.ts';
import { Users } from './service/users.ts';

const KEYS_EVERY_MS = 3_600_000;
const KEYS_RETRY_MS = 15_000;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const ACKNOWLEDGED = 'callbacks-are-unsigned';

export interface HandlerParts {
  readonly context: BridgeContext;
  readonly settings: CyberappSettings;
  /** `[connector] ca` and `allow_private`, which keys are fetched with as well. */
  readonly network: { readonly ca: string | undefined; readonly allowPrivate: boolean };
}

/** The half of the bridge that Acronis calls. */
export class CallbackHandler implements AsyncDisposable {
  readonly verifier: TokenVerifier;
  readonly users: Users;
  /** Undefined when the face is one of the shared listener. */
  readonly listener: CallbackListener | undefined;
  readonly face: CallbackFace;
  readonly #scope: AsyncScope;

  private constructor(parts: Pick<CallbackHandler, 'verifier' | 'users' | 'listener' | 'face'>, scope: AsyncScope) {
    this.verifier = parts.verifier;
    this.users = parts.users;
    this.listener = parts.listener;
    this.face = parts.face;
    this.#scope = scope;
  }

  /** Throws FAIRLEAD_CONFIG for callbacks that would be believed from anywhere without a signature. */
  static async start({ context, settings, network }: HandlerParts): Promise<CallbackHandler> {
    refuseUnsigned(settings, context);
    refuseBadPaths(settings);
    await using scope = new AsyncScope();
    const { store, clock, log } = context;
    const cost = { memory: settings.argon2_memory_kib, passes: settings.argon2_time, parallelism: settings.argon2_parallelism };
    const users = new Users({ store, secrets: context.secrets, cost });
    const verifier = scope.use(new TokenVerifier({ fetchKeys: keyFetcher({ log, ...network }), clock, issuers: issuersOf(settings) }));
    const face = faceOf({ context, settings, users, verifier, cost });
    const register = (app: FastifyInstance) => face.register(app, { index: true });
    const listener = isShared(settings, context) ? undefined : scope.use(await CallbackListener.open({ settings, context, register }));
    // Nobody waits for the first keys: the first caller does, when they are slower than he is.
    if (settings.request_token !== 'off') scope.defer(keepKeys(verifier, clock));
    return new CallbackHandler({ verifier, users, listener, face }, scope.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }
}

/** Keys are there before the first call, and after an outage without one: nobody calls who is not ready. Answers how to end it. */
function keepKeys(verifier: TokenVerifier, clock: Clock): () => Promise<void> {
  const ended = new AbortController();
  const run = async () => {
    while (!ended.signal.aborted) {
      const isKnown = await verifier.warm();
      await clock.sleep(isKnown ? KEYS_EVERY_MS : KEYS_RETRY_MS, ended.signal).catch(() => undefined);
    }
  };
  const running = run();
  return async () => {
    ended.abort();
    verifier[Symbol.dispose]();
    await running;
  };
}

interface FaceParts {
  readonly context: BridgeContext;
  readonly settings: CyberappSettings;
  readonly users: Users;
  readonly verifier: TokenVerifier;
  readonly cost: { readonly memory: number; readonly passes: number; readonly parallelism: number };
}

function faceOf({ context, settings, users, verifier, cost }: FaceParts): CallbackFace {
  const { store, limits, log } = context;
  const lock = { after: settings.lock_after, forMs: settings.lock_for, maxMs: settings.lock_max };
  const authenticator = new Authenticator({
    ...{ store, limits, log, cost, lock },
    places: settings.argon2_concurrency,
    cacheMs: settings.auth_cache,
  });
  const table = new CallbackTable({
    app: settings.app_code,
    enablement: settings.enablement,
    userManagement: settings.user_management,
    inventory: settings.inventory_callbacks,
    declaredErrors: settings.declared_errors,
  });
  const pipeline = new Pipeline({
    ...{ store, table, authenticator, users },
    datacenterHosts: settings.datacenter_hosts.length === 0 ? undefined : settings.datacenter_hosts,
    topologyLimit: settings.topology_limit,
    replayKeepMs: settings.replay_keep,
  });
  const admission = new Admission({ settings, limits, verifier });
  return new CallbackFace({ paths: settings.paths, maxBody: settings.max_body, admission, pipeline, log, observe: observer(context) });
}

/** `listen_address` is that of the other faces. */
function isShared({ listen_address: text }: CyberappSettings, { server }: Pick<BridgeContext, 'server'>): boolean {
  const { host, port } = parseListenAddress(text) as ListenAddress;
  return port !== 0 && port === server.port && host === server.host;
}

function refuseUnsigned(settings: CyberappSettings, context: BridgeContext): void {
  const { request_token: mode, enablement, i_know: acknowledged } = settings;
  const refuse = (report: string) => {
    throw FairleadError('FAIRLEAD_CONFIG', { report });
  };
  if (enablement === 'mirrored' && mode !== 'required') refuse('[cyberapp] enablement = mirrored needs request_token = required');
  if (mode === 'required') return;
  context.log.warn({ request_token: mode }, 'callbacks are believed without the signature of Acronis');
  const { host } = parseListenAddress(settings.listen_address) as ListenAddress;
  if (LOOPBACK.has(host) || acknowledged === ACKNOWLEDGED) return;
  refuse(`[cyberapp] request_token = ${mode} on a public listener needs i_know = ${ACKNOWLEDGED}`);
}

/** A path is met letter by letter: no pattern of the HTTP kit gets in. */
function refuseBadPaths({ paths }: CyberappSettings): void {
  const bad = paths.find((path, at) => !/^(?:\/[A-Za-z0-9._~-]+)+$/.test(path) || paths.indexOf(path) !== at);
  if (bad !== undefined)
    throw FairleadError('FAIRLEAD_CONFIG', { report: `[cyberapp] paths: ${bad} is no path, as /callback, or is there twice` });
  if (paths.length === 0) throw FairleadError('FAIRLEAD_CONFIG', { report: '[cyberapp] paths: there has to be one' });
}

/** `issuer=keys-url` pairs. */
function issuersOf({ jwt_issuers: pairs }: CyberappSettings): readonly TokenIssuer[] | undefined {
  if (pairs.length === 0) return undefined;
  return pairs.map((pair) => {
    const at = pair.indexOf('=');
    const [issuer, keysUrl] = [pair.slice(0, Math.max(0, at)), pair.slice(at + 1)];
    if (!URL.canParse(issuer) || !URL.canParse(keysUrl))
      throw FairleadError('FAIRLEAD_CONFIG', { report: `[cyberapp] jwt_issuers: ${pair} is not issuer=keys-url` });
    return tokenIssuer(issuer, keysUrl);
  });
}
