import { closeServer, createApp, listen, secureOptions } from '@fairlead/http';
import { Networks } from '@fairlead/kernel/access';
import { type ListenAddress, parseListenAddress } from '@fairlead/kernel/config';
import { AsyncScope, type BridgeContext } from '@fairlead/kernel/lifecycle';
import { type Pair, readPair } from '@fairlead/kernel/tls';
import type { FastifyInstance } from 'fastify';
import type { CyberappSettings } from './config.ts';

type Settings = Pick<CyberappSettings, 'listen_address' | 'cert_file' | 'key_file'>;

const PATIENCE = { headMs: 10_000, requestMs: 30_000 };
const DRAIN_MS = 5000;
const LOOK_MS = 60_000;

export interface ListenerParts {
  readonly settings: Settings;
  readonly context: Pick<BridgeContext, 'authority' | 'clock' | 'log' | 'server'>;
  readonly register: (app: FastifyInstance) => Promise<void>;
  /** How long head and whole request may take to come; as cyberapp 7.3 says when absent. */
  readonly patience?: typeof PATIENCE | undefined;
}

/** The listener of callbacks, which faces the internet: nothing else is served there (design 7). */
export class CallbackListener implements AsyncDisposable {
  readonly #parts: ListenerParts;
  readonly #scope = new AsyncScope();
  #settings: Settings;
  #shown: Pair;
  #renew: (pair: Pair) => void = () => undefined;
  url = '';

  private constructor(parts: ListenerParts, shown: Pair) {
    this.#parts = parts;
    this.#settings = parts.settings;
    this.#shown = shown;
  }

  /** Throws `FAIRLEAD_LISTEN` or `FAIRLEAD_CERTIFICATE`. */
  static async open(parts: ListenerParts): Promise<CallbackListener> {
    const listener = new CallbackListener(parts, await shownPair(parts.settings, parts.context));
    await listener.#open();
    listener.#watch();
    return listener;
  }

  /** Shows new connections what the files hold now. Throws, and goes on with the former, when that cannot be used. */
  async renew(settings: Settings = this.#settings): Promise<void> {
    const pair = await shownPair(settings, this.#parts.context);
    this.#settings = settings;
    if (pair.cert === this.#shown.cert) return;
    this.#shown = pair;
    this.#renew(pair);
    this.#parts.context.log.info({}, 'new connections of Acronis are shown what the certificate files now hold');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }

  async #open(): Promise<void> {
    const { context, settings, register, patience = PATIENCE } = this.#parts;
    const trustedProxies = new Networks(context.server.trustedProxies ?? []);
    const { app, server } = createApp({ certificate: this.#shown, patience, trustedProxies });
    await register(app);
    await app.ready();
    const address = parseListenAddress(settings.listen_address) as ListenAddress;
    const { port } = await listen(server, { ...address, certificate: this.#shown });
    this.#renew = (pair) => server.setSecureContext(secureOptions(pair));
    this.#scope.defer(async () => {
      await closeServer(server, DRAIN_MS);
      await app.close();
    });
    const host = ['::', '0.0.0.0'].includes(address.host) ? context.server.publicAddress : address.host;
    this.url = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
    context.log.info({ url: this.url }, 'LISTEN');
  }

  #watch(): void {
    const { authority, clock, log } = this.#parts.context;
    const look = () =>
      this.renew().catch((error: unknown) => log.error({ err: error }, 'the new certificate of [cyberapp] cannot be used'));
    this.#scope.defer(authority.onChange(look));
    const ended = new AbortController();
    const run = async () => {
      while (!ended.signal.aborted) {
        await clock.sleep(LOOK_MS, ended.signal).catch(() => undefined);
        if (!ended.signal.aborted) await look();
      }
    };
    const running = run();
    this.#scope.defer(async () => {
      ended.abort();
      await running;
    });
  }
}

/** The pair of `[cyberapp]`, else that of the gateway. */
async function shownPair(settings: Settings, { authority }: Pick<BridgeContext, 'authority'>): Promise<Pair> {
  const { cert_file: cert, key_file: key } = settings;
  if (cert === undefined || key === undefined) return authority.server();
  return (await readPair({ cert, key })) ?? authority.server();
}
