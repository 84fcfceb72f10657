import type { Clock } from '../clock/index.ts';
import { newUuid } from '../ids/index.ts';
import type { Log } from '../log/index.ts';
import { type InstrumentsOf, jobMetrics, type Metrics } from '../metrics/index.ts';
import type { Store } from '../store/index.ts';
import { guardLease, LEASE_MS } from './guard.ts';
import { JobRows } from './rows.ts';
import { retryDelayMs, type Schedule } from './schedule.ts';

/** What one gateway of all that share a store does from time to time. */
export interface Job {
  /** `<owner>.<verb>-<noun>`; the same work has the same name at every gateway. */
  readonly name: string;
  readonly schedule: Schedule;
  /** A run is told to end after this. */
  readonly limitMs: number;
  /** May be ended at any moment and is then run again; aborted when the gateway stops, the limit is over or the lease is lost. */
  run(signal: AbortSignal): Promise<void>;
}

export interface JobsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Between 0 and 1; for tests. */
  readonly random?: () => number;
}

/** How often rows are looked at. */
const LOOK_MS = 5000;
/** Real time that running jobs have to end when a gateway stops. */
const DRAIN_MS = 10_000;

/** Runs periodic work so that one gateway of a cluster does it (design 5): a row each with due time and lease. Starts with its making, ends with its disposal. */
export class Jobs implements AsyncDisposable {
  readonly #parts: JobsParts;
  readonly #rows: JobRows;
  readonly #instruments: InstrumentsOf<typeof jobMetrics>;
  readonly #jobs: ReadonlyMap<string, Job>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;

  /** Throws `TypeError` for two jobs of one name. */
  constructor(jobs: readonly Job[], parts: JobsParts) {
    this.#parts = parts;
    this.#rows = new JobRows(parts.store);
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    if (this.#jobs.size !== jobs.length) throw new TypeError('Two jobs have the same name');
    this.#instruments = parts.metrics.use(jobMetrics);
    this.#instruments.late.collect(() => this.#lateness());
    this.#instruments.failing.collect(async () => (await this.#known()).map((row) => ({ labels: { job: row.name }, value: row.failures })));
    this.#loop = this.#look();
  }

  /** Makes a job due now, whoever then runs it. */
  async hurry(name: string): Promise<void> {
    await this.#rows.hurry(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error('the gateway is stopping'));
    await this.#loop;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, DRAIN_MS);
    await Promise.race([Promise.all(this.#running.values()), late.promise]);
    clearTimeout(timer);
    for (const name of this.#running.keys()) this.#parts.log.warn({ job: name }, 'a job did not end in time; its lease will');
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopping;
    let isDeclared = false;
    while (!signal.aborted) {
      try {
        if (!isDeclared) for (const job of this.#jobs.values()) await this.#rows.declare(job.name, job.schedule);
        isDeclared = true;
        await this.#startDue(signal);
      } catch (error) {
        this.#parts.log.error({ err: error }, 'the rows of jobs cannot be used');
      }
      await this.#parts.clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  }

  async #startDue(signal: AbortSignal): Promise<void> {
    const idle = [...this.#jobs.keys()].filter((name) => !this.#running.has(name));
    for (const name of await this.#rows.due(idle)) {
      const job = this.#jobs.get(name);
      if (signal.aborted || job === undefined) return;
      const holder = newUuid();
      const taken = await this.#rows.take(name, holder, LEASE_MS);
      if (taken === undefined) continue;
      const run = this.#run(job, holder, taken.failures).finally(() => this.#running.delete(name));
      this.#running.set(name, run);
    }
  }

  /** Never rejects. */
  async #run(job: Job, holder: string, failuresBefore: number): Promise<void> {
    const { clock, log } = this.#parts;
    const over = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, over.signal]);
    const started = clock.now();
    const guard = guardLease({ rows: this.#rows, clock, log }, { ...job, holder }, over);
    let failure: unknown;
    try {
      await job.run(signal);
    } catch (error) {
      failure = error ?? new Error('no reason given');
    }
    over.abort();
    await guard;
    const outcome = outcomeOf(failure, this.#stopping.signal.aborted);
    this.#instruments.runs.observe({ job: job.name, outcome }, (clock.now() - started) / 1000);
    if (outcome === 'failed') log.error({ err: failure, job: job.name }, 'a job has failed; it is tried again');
    await this.#end(job, holder, { outcome, failuresBefore }).catch((error: unknown) =>
      log.error({ err: error, job: job.name }, 'the end of a job could not be written; its lease ends by itself'),
    );
  }

  async #end(job: Job, holder: string, { outcome, failuresBefore }: { outcome: Outcome; failuresBefore: number }): Promise<void> {
    const { clock, log, random = Math.random } = this.#parts;
    const now = clock.now();
    const failures = failuresBefore + 1;
    const changes = {
      ok: { due_ms: job.schedule.next(now), failures: 0, ended_ms: now },
      failed: { due_ms: now + retryDelayMs(failures, job.schedule.longestRetryMs, random), failures, ended_ms: now },
      // Still due: whoever is there takes it.
      stopped: {},
    };
    if (!(await this.#rows.end(job.name, holder, changes[outcome])))
      log.warn({ job: job.name }, 'a job ended after another gateway had taken it over');
  }

  async #known() {
    return (await this.#rows.all()).filter((row) => this.#jobs.has(row.name));
  }

  async #lateness() {
    const now = this.#parts.clock.now();
    const rows = await this.#known();
    return rows.map((row) => ({ labels: { job: row.name }, value: row.lease_until_ms > now ? 0 : Math.max(0, now - row.due_ms) / 1000 }));
  }
}

type Outcome = 'ok' | 'failed' | 'stopped';

function outcomeOf(failure: unknown, isStopping: boolean): Outcome {
  if (failure === undefined) return 'ok';
  return isStopping ? 'stopped' : 'failed';
}
