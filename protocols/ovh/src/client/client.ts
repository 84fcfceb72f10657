import { readSources } from '../config/read-sources.ts';
import { resolveConfiguration } from '../config/resolve.ts';
import type { ConfigurationSources, Settings } from '../config/settings.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { ClosedError, ConfigurationError } from '../errors/errors.ts';
import { LazyTransport } from '../transport/lazy-transport.ts';
import type { Transport } from '../transport/transport.ts';
import { type BatchOptions, batchItems } from './batch.ts';
import { Caller, type RawResponse } from './caller.ts';
import { systemClock } from './clock.ts';
import { Applications, Credentials } from './credentials.ts';
import { Engine } from './engine.ts';
import { type Collecting, type ExpandOptions, expandItems, type Item, type ItemId, type ItemPolicy, settled } from './expand.ts';
import { Limiter } from './limiter.ts';
import { type ListOptions, listItems } from './list.ts';
import { OAuth2Clients } from './oauth2-clients.ts';
import type { CallOptions, ClientOptions, Pending } from './options.ts';
import { overlaid, sharesIdentity, sharesTransport } from './overlay.ts';
import { type PageOptions, Pages } from './paginate.ts';
import { pending } from './pending.ts';
import type { Answer, Arguments, ElementOf, Extra, Free, FreeArguments, ItemOf, NoRoutes, OptionsOf, PathOf, RouteMap } from './routes.ts';
import { type WaitOptions, waitForResource, waitForTask } from './waits.ts';
import { Watcher } from './watcher.ts';

const DEFAULT_MAX_RESPONSE = 64 * 1024 * 1024;

/** What a client made by `with()` takes over from its parent. */
interface Heritage {
  readonly sources: ConfigurationSources;
  readonly transport: Transport | undefined;
  readonly consumerKey: string | undefined;
}

/**
 * Calls of the OVHcloud API: see the README for an example. Endpoint and identity come from options, environment and files
 * (`config.explain()` tells which). Throws ConfigurationError and UnknownEndpointError when it is made; every call throws the
 * errors of this package, or the reason of the caller's signal.
 */
export class OvhClient<R extends RouteMap = NoRoutes> implements Disposable {
  readonly endpoint: Endpoint;
  readonly config: Settings;
  readonly credentials: Credentials;
  readonly applications: Applications;
  readonly oauth2Clients: OAuth2Clients;
  readonly #options: ClientOptions;
  readonly #heritage: Heritage;
  readonly #caller: Caller;
  readonly #closed = new AbortController();
  readonly #clock;
  readonly #ownTransport: Transport | undefined;
  readonly #transport: Transport;

  constructor(options: ClientOptions = {}, heritage?: Heritage) {
    this.#options = options;
    this.#heritage = heritage ?? { sources: readSources(options), transport: undefined, consumerKey: undefined };
    this.config = resolveConfiguration(options, this.#heritage.sources);
    this.endpoint = this.config.endpoint;
    this.#clock = options.clock ?? systemClock;
    const given = this.#heritage.transport ?? options.transport;
    this.#ownTransport = given === undefined ? new LazyTransport({ ...options, env: this.#heritage.sources.env }) : undefined;
    this.#transport = given ?? (this.#ownTransport as Transport);
    this.#caller = new Caller(options, this.config, this.#engine());
    if (this.#heritage.consumerKey !== undefined) this.#caller.useConsumerKey(this.#heritage.consumerKey);
    const parts = { calls: this, clock: this.#clock, useConsumerKey: (key: string) => this.#caller.useConsumerKey(key) };
    this.credentials = new Credentials(parts);
    this.applications = new Applications(this);
    this.oauth2Clients = new OAuth2Clients(this);
  }

  /** See Arguments for what a call takes, and Answer for what it gives, with schemas and without. */
  get<T = unknown, P extends PathOf<R, 'GET'> = string>(path: P, ...options: Arguments<R, 'GET', P>): Pending<Answer<R, 'GET', P, T>> {
    return this.request('GET', path, optionsIn(options));
  }

  post<T = unknown, P extends PathOf<R, 'POST'> = string>(path: P, ...options: Arguments<R, 'POST', P>): Pending<Answer<R, 'POST', P, T>> {
    return this.request('POST', path, optionsIn(options));
  }

  put<T = unknown, P extends PathOf<R, 'PUT'> = string>(path: P, ...options: Arguments<R, 'PUT', P>): Pending<Answer<R, 'PUT', P, T>> {
    return this.request('PUT', path, optionsIn(options));
  }

  delete<T = unknown, P extends PathOf<R, 'DELETE'> = string>(
    path: P,
    ...options: Arguments<R, 'DELETE', P>
  ): Pending<Answer<R, 'DELETE', P, T>> {
    return this.request('DELETE', path, optionsIn(options));
  }

  /** Any method, of no schema. The parsed body; `null` where there is none. */
  request<T = unknown>(method: string, path: string, options?: CallOptions): Pending<T> {
    return pending(this.#caller.call<T>(method, path, options));
  }

  /** The answer of whatever status, its body a stream. Only what never arrived is sent again. */
  raw(method: string, path: string, options?: CallOptions): Promise<RawResponse> {
    return this.#caller.raw(method, path, options);
  }

  /** A list of v2, page by page: see Pages. */
  paginate<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    ...options: Arguments<R, 'GET', P, Extra<PageOptions>>
  ): Pages<ElementOf<R, P, T>> {
    return new Pages(this, path, optionsIn(options) ?? {});
  }

  /** Tasks of a resource of v2. */
  tasks<T = unknown, P extends string = string>(
    path: P,
    ...options: FreeArguments<P, Extra<PageOptions>>
  ): Pages<ElementOf<R, `${P}/task`, T>> {
    return new Pages(this, `${path}/task`, optionsIn(options) ?? {});
  }

  /** Events of a resource of v2. */
  events<T = unknown, P extends string = string>(
    path: P,
    ...options: FreeArguments<P, Extra<PageOptions>>
  ): Pages<ElementOf<R, `${P}/event`, T>> {
    return new Pages(this, `${path}/event`, optionsIn(options) ?? {});
  }

  /** The objects of a list of v1. */
  list<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    options: OptionsOf<R, 'GET', P, Extra<ListOptions> & Collecting>,
  ): Promise<Item<ItemOf<R, P, T>>[]>;
  list<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    options: OptionsOf<R, 'GET', P, Extra<ListOptions> & ItemPolicy & { readonly expand: false }>,
  ): Promise<ElementOf<R, P, T>[]>;
  list<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    ...options: Arguments<R, 'GET', P, Extra<ListOptions> & ItemPolicy>
  ): Promise<ItemOf<R, P, T>[]>;
  async list(path: string, given?: object | string): Promise<unknown[]> {
    const { onItemError, expand, ...options } = (given ?? {}) as ListOptions & ItemPolicy;
    const mode = expand === 'auto' ? this.#caller.expansionOf(path) : expand;
    return settled(await listItems(this, path, { ...options, onItemError, expand: mode }), onItemError);
  }

  /** `GET path/{id}` for each id, a few at once, in their order. */
  expand<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    ids: readonly ItemId[],
    options: Free<P, Extra<ExpandOptions> & Collecting>,
  ): Promise<Item<ItemOf<R, P, T>>[]>;
  expand<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    ids: readonly ItemId[],
    ...options: FreeArguments<P, Extra<ExpandOptions> & ItemPolicy>
  ): Promise<ItemOf<R, P, T>[]>;
  async expand(path: string, ids: readonly ItemId[], given?: object): Promise<unknown[]> {
    const { onItemError, ...options }: ExpandOptions & ItemPolicy = given ?? {};
    return settled(await expandItems(this, path, ids, { ...options, onItemError }), onItemError);
  }

  /** Experimental: the same with many ids in one call, by a header that OVHcloud does not document. */
  batch<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    ids: readonly ItemId[],
    options: Free<P, Extra<BatchOptions> & Collecting>,
  ): Promise<Item<ItemOf<R, P, T>>[]>;
  batch<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    ids: readonly ItemId[],
    ...options: FreeArguments<P, Extra<BatchOptions> & ItemPolicy>
  ): Promise<ItemOf<R, P, T>[]>;
  async batch(path: string, ids: readonly ItemId[], given?: object): Promise<unknown[]> {
    const { onItemError, ...options }: BatchOptions & ItemPolicy = given ?? {};
    return settled(await batchItems(this, path, ids, { ...options, onItemError }), onItemError);
  }

  /** Polls a resource of v2 until it is READY: see WaitOptions. Defaults: every 5 s, one hour. */
  waitForResource<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    ...options: FreeArguments<P, Extra<WaitOptions>>
  ): Promise<Answer<R, 'GET', P, T>> {
    return waitForResource(this, this.#clock, path, optionsIn(options));
  }

  /** Polls a task of v1 until it is done: see WaitOptions. Defaults: every 5 s, one hour. */
  waitForTask<T = unknown, P extends PathOf<R, 'GET'> = string>(
    path: P,
    ...options: FreeArguments<P, Extra<WaitOptions>>
  ): Promise<Answer<R, 'GET', P, T>> {
    return waitForTask(this, this.#clock, path, optionsIn(options));
  }

  /** Throws unless the API answers. */
  async ping(options?: Pick<CallOptions, 'signal' | 'timeout'>): Promise<void> {
    await this.#caller.time(options);
  }

  /** The server's Unix time in seconds. */
  time(options?: Pick<CallOptions, 'signal' | 'timeout'>): Promise<number> {
    return this.#caller.time(options);
  }

  /** Server minus local clock in seconds, as calls are signed with; measured when it is not known yet. */
  async timeDelta({ signal }: Pick<CallOptions, 'signal'> = {}): Promise<number> {
    const both = signal === undefined ? this.#closed.signal : AbortSignal.any([this.#closed.signal, signal]);
    return (await this.#caller.serverClock.delta(both)) / 1000;
  }

  /**
   * A client that differs in these options; this one stays as it is. Connections are shared where nothing about them changes,
   * and then end with this one; a consumer key that was loaded goes along where the identity does not change.
   */
  with(changes: ClientOptions): OvhClient<R> {
    const { sources } = this.#heritage;
    return new OvhClient<R>(overlaid(this.#options, changes), {
      sources: 'env' in changes || 'files' in changes || 'configFile' in changes ? readSources(overlaid(this.#options, changes)) : sources,
      transport: sharesTransport(changes) ? this.#transport : undefined,
      consumerKey: sharesIdentity(changes) ? this.#caller.consumerKey?.reveal() : undefined,
    });
  }

  /** Ends connections and everything under way; calls throw ClosedError from now on. */
  close(): void {
    this.#closed.abort(new ClosedError('The client was closed'));
    this.#ownTransport?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #engine(): Engine {
    const options = this.#options;
    const limit = options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE;
    if (!(limit >= 1)) throw new ConfigurationError('maxResponseBytes must be 1 or more');
    const watcher = new Watcher(options.hooks, options.logger);
    for (const { message, file, line } of this.config.warnings)
      watcher.warn(file === undefined ? message : `${file}:${line ?? 1}: ${message}`);
    return new Engine({
      transport: this.#transport,
      clock: this.#clock,
      limiter: new Limiter(options, this.#clock),
      watcher,
      maxResponseBytes: limit,
      random: options.random ?? Math.random,
      closed: this.#closed.signal,
    });
  }
}

/**
 * A client from options, environment and files: see OvhClient. With the `Routes` of a generated module, calls by template know their
 * variables, query, body and answer: `createClient<Routes>()`.
 */
export function createClient<R extends RouteMap = NoRoutes>(options?: ClientOptions): OvhClient<R> {
  return new OvhClient<R>(options);
}

/** Options as the types above check them, as the code below takes them. */
function optionsIn<O extends object>([options]: readonly (object | string | undefined)[]): O | undefined {
  return options as O | undefined;
}
