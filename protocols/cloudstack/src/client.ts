import { ApiCatalog } from './api-catalog.ts';
import { signedForm } from './auth.ts';
import { type CallContext, type CallLogEntry, callWithRetries } from './calls.ts';
import { CloudStackError } from './errors.ts';
import { followJob, type JobResult, jobObject } from './jobs.ts';
import { countOf, isRepeated, itemsOf, MAX_PAGES, PAGE_SIZE } from './paging.ts';
import { type Params, toPairs } from './params.ts';
import { type AsyncJob, readAsyncJob, readJobStart } from './schema/async-job.ts';
import { Transport, type TransportOptions } from './transport.ts';
import { type CloudStackClock, systemClock } from './wait.ts';

/** A key pair and where it counts. */
export interface CloudStackClientOptions extends TransportOptions {
  readonly apiKey: string;
  readonly secretKey: string;
  readonly clock?: CloudStackClock | undefined;
  /** Called after each request; holds no parameters. */
  readonly log?: ((entry: CallLogEntry) => void) | undefined;
}

/** Bounds of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Total time, repeats included, in ms from now. */
  readonly deadlineMs?: number | undefined;
}

/** Bounds of a list. */
export interface ListOptions extends CallOptions {
  /** Most items to give. */
  readonly max?: number | undefined;
}

/** Bounds of a command with its job. */
export interface RunOptions extends CallOptions {
  /** Told once the job exists, so that it can be found again after a restart. `id` is missing from some commands. */
  readonly onJob?: ((jobId: string, id: string | undefined) => void | Promise<void>) | undefined;
}

/** A signature counts for ten minutes: every server accepts that, also one that enforces at most fifteen. */
const EXPIRES_MS = 10 * 60_000;
const JOB_DEADLINE_MS = 15 * 60_000;

/** Calls CloudStack with one key pair. Safe for use from many places at once; `close` it at the end. */
export class CloudStackClient {
  readonly #keys: { readonly apiKey: string; readonly secretKey: string };
  readonly #context: CallContext;
  #catalog: Promise<ApiCatalog> | undefined;

  constructor(options: CloudStackClientOptions) {
    this.#keys = { apiKey: options.apiKey, secretKey: options.secretKey };
    this.#context = {
      transport: new Transport(options),
      clock: options.clock ?? systemClock,
      secrets: [options.apiKey, options.secretKey],
      log: options.log,
    };
  }

  /**
   * One command by signed POST form; gives the inside of the answer's single top key.
   * @throws CloudStackError; `CLOUDSTACK_UNAUTHORIZED` only when `listCapabilities` fails as well, else `CLOUDSTACK_NOT_OFFERED`
   */
  async call(command: string, params: Params = {}, options: CallOptions = {}): Promise<unknown> {
    try {
      return await this.#call(command, params, options);
    } catch (error) {
      const doubtful = error instanceof CloudStackError && error.code === 'CLOUDSTACK_UNAUTHORIZED' && command !== 'listCapabilities';
      if (!doubtful) throw error;
      // An unknown command and one that is switched off are 401 too, with the very words of a bad signature (ovirt spec 9.3).
      const known = await this.#knowsUs(options);
      throw known ? notOffered(error) : error;
    }
  }

  /**
   * All items of a list command, page by page.
   * @param read turns one item into its shape
   */
  async list<T>(command: string, read: (item: unknown) => T, params: Params = {}, options: ListOptions = {}): Promise<T[]> {
    const max = options.max ?? Number.POSITIVE_INFINITY;
    const items: T[] = [];
    if (max <= 0) return items;
    for await (const page of this.pages(command, params, options)) {
      for (const item of page) items.push(read(item));
      if (items.length >= max) break;
    }
    return items.length > max ? items.slice(0, max) : items;
  }

  /**
   * The pages of a list command, of at most 500 items; ends at the first answer without items. A list by `id` is one call.
   * With `max` the first page is no larger than that.
   */
  async *pages(command: string, params: Params = {}, options: ListOptions = {}): AsyncGenerator<readonly unknown[], void> {
    if (params.id !== undefined) {
      yield itemsOf(await this.call(command, params, options), command);
      return;
    }
    const pagesize = Math.min(PAGE_SIZE, Math.max(1, options.max ?? PAGE_SIZE));
    let before: readonly unknown[] | undefined;
    for (let page = 1; page <= MAX_PAGES; page++) {
      options.signal?.throwIfAborted();
      const items = itemsOf(await this.call(command, { ...params, page, pagesize }, options), command);
      if (items.length === 0 || isRepeated(items, before)) return;
      yield items;
      before = items;
    }
  }

  /** How many items a list command has, by the smallest page. */
  async count(command: string, params: Params = {}, options: CallOptions = {}): Promise<number> {
    return countOf(await this.call(command, { ...params, page: 1, pagesize: 1 }, options));
  }

  /**
   * One look at a job, without waiting.
   * @throws CloudStackError `CLOUDSTACK_REFUSED` 431 for a job that does not exist (any more)
   */
  async queryJob(jobId: string, options: CallOptions = {}): Promise<AsyncJob> {
    return readAsyncJob(await this.call('queryAsyncJobResult', { jobid: jobId }, options));
  }

  /**
   * Polls a job to its end: after 0.5, 1, 2, 3 … at most 5 s.
   * @throws CloudStackError `CLOUDSTACK_JOB_FAILED`, or `CLOUDSTACK_JOB_TIMEOUT` after `deadlineMs` (default 15 min)
   */
  job(jobId: string, options: CallOptions = {}): Promise<JobResult> {
    const { signal } = options;
    const { clock, secrets } = this.#context;
    const query = (id: string) => this.queryJob(id, { signal });
    return followJob({ jobId, query, clock, secrets, signal, deadlineMs: options.deadlineMs ?? JOB_DEADLINE_MS });
  }

  /** A command and, where it is asynchronous, its job; gives the object that came of it. */
  async run(command: string, params: Params = {}, options: RunOptions = {}): Promise<unknown> {
    const answer = await this.call(command, params, { signal: options.signal });
    const start = readJobStart(answer);
    if (start === undefined) return jobObject(answer);
    await options.onJob?.(start.jobid, start.id);
    return (await this.job(start.jobid, options)).result;
  }

  /** What this key may call; asked once and kept. Never asked by name: that gives other answers (ovirt spec 15.1). */
  listApis(): Promise<ApiCatalog> {
    this.#catalog ??= this.call('listApis').then((answer) => new ApiCatalog(answer));
    this.#catalog.catch(() => {
      this.#catalog = undefined;
    });
    return this.#catalog;
  }

  /** Ends all connections; later calls throw `CLOUDSTACK_CLOSED`. */
  close(): void {
    this.#context.transport.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Whether our keys still count at all. */
  async #knowsUs(options: CallOptions): Promise<boolean> {
    try {
      await this.#call('listCapabilities', {}, options);
      return true;
    } catch (error) {
      if (error instanceof CloudStackError && error.code === 'CLOUDSTACK_UNAUTHORIZED') return false;
      throw error;
    }
  }

  async #call(command: string, params: Params, options: CallOptions): Promise<unknown> {
    const pairs = toPairs(command, params);
    const form = () => signedForm(pairs, this.#keys, this.#context.clock.now() + EXPIRES_MS);
    return (await callWithRetries({ command, form, ...options }, this.#context)).inner;
  }
}

function notOffered(error: CloudStackError): CloudStackError {
  const { command, httpStatus, errorCode } = error;
  const text = `this CloudStack does not offer ${command} to this key`;
  return new CloudStackError('CLOUDSTACK_NOT_OFFERED', text, { command, httpStatus, errorCode });
}
