import type { Facts } from '../map/facts.ts';
import type { Iam } from '../map/iam.ts';
import { textOf } from '../map/values.ts';
import type { CacheEntry, InventoryClient, InventoryOptions } from '../options.ts';
import type { InventoryRecord, RecordError, RecordKind } from '../record.ts';
import { Asker, type Variables } from './asker.ts';
import { Directory, type DirectoryKind } from './directory.ts';
import { failureOf, isNoRoute, strangeAnswer } from './failure.ts';
import { idsIn, Sheet, strangeIds } from './sheet.ts';

const DEFAULT_CONCURRENCY = 10;

/** What makes a record besides its facts. */
export interface Found {
  readonly kind: RecordKind;
  readonly name: string;
  readonly facts: Facts;
  readonly errors: readonly RecordError[];
  /** When the oldest answer was given. */
  readonly readAt: number;
}

/** A thing to read: what the cache calls it, and the variables of its routes. */
export interface Subject {
  readonly kind: DirectoryKind;
  readonly name: string;
  readonly variables: Variables;
}

/** One reading of an account: what all its parts share. */
export class Run {
  readonly asker: Asker;
  readonly now: number;
  readonly concurrency: number;
  /** Lists that failed. */
  readonly errors: RecordError[] = [];
  directory = new Directory();
  account = '';
  readonly #endpoint: string;
  readonly #options: InventoryOptions;

  constructor(client: InventoryClient, options: InventoryOptions) {
    this.asker = new Asker(client, options);
    this.now = (options.clock ?? Date).now();
    this.concurrency = Math.ceil(options.concurrency ?? DEFAULT_CONCURRENCY);
    this.#endpoint = client.endpoint.name;
    this.#options = options;
  }

  /** The caller's name for it, else the nichandle; `minimal` asks only when IAM did not say it. */
  async readAccount(): Promise<void> {
    const { account, minimal } = this.#options;
    const { owner } = this.directory;
    const known = account ?? (minimal === true ? owner : undefined);
    this.account = known ?? textOf(await this.#tried('/me'), 'nichandle') ?? owner ?? '';
  }

  /** The names of a list; those that IAM knows where it cannot be read, so that no server is lost with it. */
  async names(route: string, kind: DirectoryKind): Promise<readonly string[]> {
    const list = await this.#tried(route);
    if (list !== undefined && !Array.isArray(list)) this.errors.push(strangeAnswer(route, 'a list was expected'));
    if (!Array.isArray(list)) return this.directory.names(kind);
    const { ids, strange } = idsIn(list);
    if (strange > 0) this.errors.push(strangeIds(route, strange));
    return ids;
  }

  /** Reads one thing with what the cache knows of it, and gives the cache what is new, at an abort, too. */
  async read<T>(subject: Subject, work: (sheet: Sheet) => Promise<T>): Promise<{ value: T; errors: RecordError[]; readAt: number }> {
    const key = this.#key(subject.kind, subject.name);
    const known = await this.#cached(key);
    const readAt = known?.readAt ?? this.now;
    const sheet = new Sheet(this.asker, subject.variables, known);
    try {
      const value = await work(sheet);
      return { value, errors: sheet.errors.sort(byRoute), readAt };
    } finally {
      if (sheet.changed) await this.#keep(key, { readAt, answers: sheet.answers });
    }
  }

  progress(kind: RecordKind, done: number, total: number): void {
    this.#options.onProgress?.({ kind, done, total });
  }

  record({ kind, name, facts, errors, readAt }: Found): InventoryRecord {
    const { iam: own, displayName, ...rest } = facts;
    const listed = kind === 'cloud-instance' ? undefined : this.directory.find(kind, name);
    const { urn, tags }: Iam = { ...listed, ...own };
    return {
      id: urn ?? this.#key(kind, name),
      provider: 'ovh',
      endpoint: this.#endpoint,
      account: this.account,
      kind,
      name,
      displayName: displayName === name ? (listed?.displayName ?? name) : displayName,
      ...rest,
      ...(tags === undefined ? {} : { tags }),
      fetchedAt: new Date(readAt).toISOString(),
      errors,
    };
  }

  async #tried(route: string): Promise<unknown> {
    try {
      return await this.asker.get(route);
    } catch (error) {
      this.asker.signal.throwIfAborted();
      if (!isNoRoute(error)) this.errors.push(failureOf(route, error));
      return undefined;
    }
  }

  #key(kind: DirectoryKind | RecordKind, name: string): string {
    return `ovh:${this.#endpoint}:${kind}:${name}`;
  }

  /** A cache that fails is as good as none. */
  async #cached(key: string): Promise<CacheEntry | undefined> {
    try {
      return await this.#options.cache?.get(key);
    } catch {
      return undefined;
    }
  }

  async #keep(key: string, entry: CacheEntry): Promise<void> {
    try {
      await this.#options.cache?.set(key, entry);
    } catch {
      // What could not be kept is asked again.
    }
  }
}

export function byRoute(a: RecordError, b: RecordError): number {
  return `${a.route} ${a.message}` < `${b.route} ${b.message}` ? -1 : 1;
}
