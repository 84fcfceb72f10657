import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { closeServer, createApp, listen, secureOptions } from '@fairlead/http';
import { type ListenAddress, parseListenAddress } from '@fairlead/kernel/config';
import { AsyncScope, type BridgeContext } from '@fairlead/kernel/lifecycle';
import fastify, { type FastifyInstance } from 'fastify';
import { type CertificateSettings, isSame, readShown, type Shown } from './certificates.ts';
import type { CceSettings } from './config.ts';
import { CceError } from './errors.ts';

type Settings = CertificateSettings & Pick<CceSettings, 'listen_address' | 'enable_http' | 'http_listen_address'>;

/** Requests that are under way get so long to end (cce 9). */
const DRAIN_MS = 5000;
/** How often the certificate files are looked at. */
const LOOK_MS = 60_000;
/** A request has so long to arrive: bodies are small. */
const REQUEST_MS = 60_000;

export interface ListenersOptions {
  readonly settings: Settings;
  readonly context: Pick<BridgeContext, 'authority' | 'clock' | 'log' | 'server'>;
  readonly register: (app: FastifyInstance) => Promise<void>;
}

/** The listeners of the API (design 7): HTTPS on each address, plain HTTP on a loopback one where that is wished. */
export class Listeners implements AsyncDisposable {
  readonly urls: string[] = [];
  readonly #options: ListenersOptions;
  readonly #scope = new AsyncScope();
  readonly #servers: Server[] = [];
  #settings: CertificateSettings;
  #shown: Shown;

  private constructor(options: ListenersOptions, shown: Shown) {
    this.#options = options;
    this.#settings = options.settings;
    this.#shown = shown;
  }

  /** Throws `CCE_LISTEN`, `FAIRLEAD_LISTEN` or `FAIRLEAD_CERTIFICATE`. */
  static async open(options: ListenersOptions): Promise<Listeners> {
    const { settings, context } = options;
    const listeners = new Listeners(options, await readShown(settings, context));
    try {
      for (const address of settings.listen_address) await listeners.#openHttps(parsed(address));
      if (settings.enable_http) await listeners.#openHttp(settings.http_listen_address);
    } catch (error) {
      await listeners[Symbol.asyncDispose]();
      throw error;
    }
    listeners.#watch();
    return listeners;
  }

  /** Shows new connections what the files now hold. Throws, and goes on with the former, when that cannot be used. */
  async renew(settings: CertificateSettings = this.#settings): Promise<void> {
    const shown = await readShown(settings, this.#options.context);
    this.#settings = settings;
    if (isSame(shown, this.#shown)) return;
    this.#shown = shown;
    for (const server of this.#servers) server.setSecureContext(secureOptions(shown.certificate, shown.clientAuthorities));
    this.#options.context.log.info({}, 'new connections to the API are shown what the certificate files now hold');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope[Symbol.asyncDispose]();
  }

  async #openHttps(address: ListenAddress): Promise<void> {
    const { certificate, clientAuthorities } = this.#shown;
    const { app, server } = createApp({ certificate, clientAuthorities });
    await this.#options.register(app);
    await app.ready();
    const { port } = await listen(server, { ...address, certificate });
    this.#servers.push(server);
    this.#scope.defer(async () => {
      await closeServer(server, DRAIN_MS);
      await app.close();
    });
    this.#tell('https', address, port);
  }

  async #openHttp(text: string | undefined): Promise<void> {
    if (text === undefined) throw CceError('CCE_LISTEN', { address: 'plain HTTP', reason: 'enable_http needs http_listen_address' });
    const address = parsed(text);
    const options = { logger: false, forceCloseConnections: 'idle', requestTimeout: REQUEST_MS } as const;
    const app = fastify(options) as unknown as FastifyInstance;
    await this.#options.register(app);
    try {
      await app.listen(address);
    } catch (cause) {
      throw CceError('CCE_LISTEN', { address: text, reason: cause instanceof Error ? cause.message : 'unknown' }, { cause });
    }
    this.#scope.defer(async () => {
      await closeServer(app.server, DRAIN_MS);
      await app.close();
    });
    this.#tell('http', address, portOf(app.server.address()) ?? address.port);
  }

  #tell(scheme: string, { host }: ListenAddress, port: number): void {
    const { log, server } = this.#options.context;
    const shown = host === '::' || host === '0.0.0.0' ? server.publicAddress : host;
    const url = `${scheme}://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
    this.urls.push(url);
    log.info({ url }, 'LISTEN');
  }

  #watch(): void {
    const { authority, clock, log } = this.#options.context;
    const look = () => this.renew().catch((error: unknown) => log.error({ err: error }, 'the new certificate of the API cannot be used'));
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

function portOf(bound: string | AddressInfo | null): number | undefined {
  return bound === null || typeof bound === 'string' ? undefined : bound.port;
}

/** Only what the configuration has let pass comes here. */
function parsed(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address === undefined) throw CceError('CCE_LISTEN', { address: text, reason: 'it is no address with port' });
  return address;
}
