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
import { type ExpandOptions, expandItems, type Item, type ItemId, type OnItemError, valuesOf } from './expand.ts';
import { Limiter } from './limiter.ts';
import { type ListOptions, listItems } from './list.ts';
import { OAuth2Clients } from './oauth2-clients.ts';
import type { CallOptions, ClientOptions, Pending } from './options.ts';
import { overlaid, sharesIdentity, sharesTransport } from './overlay.ts';
import { type PageOptions, Pages } from './paginate.ts';
import { pending } from './pending.ts';
import { type WaitOptions, waitForResource, waitForTask } from './waits.ts';
import { Watcher } from './watcher.ts';

const DEFAULT_MAX_RESPONSE = 64 * 1024 * 1024;

/** What a client made by `with()` takes over from its parent. */
interface Heritage {
  readonly sources: ConfigurationSources;
  readonly transport: Transport | undefined;
  readonly consumerKey: string | undefined;
}

/** Helpers that go through items: what to do about those that failed. */
export interface ItemPolicy {
  /** Default `throw`. `collect` gives each id with its value or its error. */
  readonly onItemError?: OnItemError | undefined;
}
type Collecting = { readonly onItemError: 'collect' };

/**
 * Calls of the OVHcloud API: see the README for an example. Endpoint and identity come from options, environment and files
 * (`config.explain()` tells which). Throws ConfigurationError and UnknownEndpointError when it is made; every call throws the
 * errors of this package, or the reason of the caller's signal.
 */
export class OvhClient implements Disposable {
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

  get<T = unknown>(path: string, options?: CallOptions): Pending<T> {
    return this.request('GET', path, options);
  }

  post<T = unknown>(path: string, options?: CallOptions): Pending<T> {
    return this.request('POST', path, options);
  }

  put<T = unknown>(path: string, options?: CallOptions): Pending<T> {
    return this.request('PUT', path, options);
  }

  delete<T = unknown>(path: string, options?: CallOptions): Pending<T> {
    return this.request('DELETE', path, options);
  }

  /** Any method. The parsed body; `null` where there is none. */
  request<T = unknown>(method: string, path: string, options?: CallOptions): Pending<T> {
    return pending(this.#caller.call<T>(method, path, options));
  }

  /** The answer of whatever status, its body a stream. Only what never arrived is sent again. */
  raw(method: string, path: string, options?: CallOptions): Promise<RawResponse> {
    return this.#caller.raw(method, path, options);
  }

  /** A list of v2, page by page: see Pages. */
  paginate<T = unknown>(path: string, options: PageOptions = {}): Pages<T> {
    return new Pages<T>(this, path, options);
  }

  /** Tasks of a resource of v2. */
  tasks<T = unknown>(path: string, options?: PageOptions): Pages<T> {
    return this.paginate(`${path}/task`, options);
  }

  /** Events of a resource of v2. */
  events<T = unknown>(path: string, options?: PageOptions): Pages<T> {
    return this.paginate(`${path}/event`, options);
  }

  /** The objects of a list of v1. */
  list<T = unknown>(path: string, options: ListOptions & Collecting): Promise<Item<T>[]>;
  list<T = unknown>(path: string, options?: ListOptions & ItemPolicy): Promise<T[]>;
  async list<T>(path: string, { onItemError, ...options }: ListOptions & ItemPolicy = {}): Promise<T[] | Item<T>[]> {
    return settled(await listItems<T>(this, path, options), onItemError);
  }

  /** `GET path/{id}` for each id, a few at once, in their order. */
  expand<T = unknown>(path: string, ids: readonly ItemId[], options: ExpandOptions & Collecting): Promise<Item<T>[]>;
  expand<T = unknown>(path: string, ids: readonly ItemId[], options?: ExpandOptions & ItemPolicy): Promise<T[]>;
  async expand<T>(
    path: string,
    ids: readonly ItemId[],
    { onItemError, ...options }: ExpandOptions & ItemPolicy = {},
  ): Promise<T[] | Item<T>[]> {
    return settled(await expandItems<T>(this, path, ids, options), onItemError);
  }

  /** Experimental: the same with many ids in one call, by a header that OVHcloud does not document. */
  batch<T = unknown>(path: string, ids: readonly ItemId[], options: BatchOptions & Collecting): Promise<Item<T>[]>;
  batch<T = unknown>(path: string, ids: readonly ItemId[], options?: BatchOptions & ItemPolicy): Promise<T[]>;
  async batch<T>(
    path: string,
    ids: readonly ItemId[],
    { onItemError, ...options }: BatchOptions & ItemPolicy = {},
  ): Promise<T[] | Item<T>[]> {
    return settled(await batchItems<T>(this, path, ids, options), onItemError);
  }

  /** Polls a resource of v2 until it is READY: see WaitOptions. Defaults: every 5 s, one hour. */
  waitForResource<T = unknown>(path: string, options?: WaitOptions): Promise<T> {
    return waitForResource<T>(this, this.#clock, path, options);
  }

  /** Polls a task of v1 until it is done: see WaitOptions. Defaults: every 5 s, one hour. */
  waitForTask<T = unknown>(path: string, options?: WaitOptions): Promise<T> {
    return waitForTask<T>(this, this.#clock, path, options);
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
  with(changes: ClientOptions): OvhClient {
    const { sources } = this.#heritage;
    return new OvhClient(overlaid(this.#options, changes), {
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

/** A client from options, environment and files: see OvhClient. */
export function createClient(options?: ClientOptions): OvhClient {
  return new OvhClient(options);
}

function settled<T>(items: Item<T>[], onItemError: OnItemError = 'throw'): T[] | Item<T>[] {
  return onItemError === 'collect' ? items : valuesOf(items, onItemError);
}
