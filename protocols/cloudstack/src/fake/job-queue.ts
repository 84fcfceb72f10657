import { randomUUID } from 'node:crypto';
import { ApiError } from './api-error.ts';
import type { FakeClock } from './fake-clock.ts';
import type { User } from './model.ts';

/** What an asynchronous command leaves behind. */
export interface JobPlan {
  readonly command: string;
  readonly user: User;
  /** `jobinstancetype` and `jobinstanceid`, where the real server says them. */
  readonly instance?: { readonly type: string; readonly id?: string | undefined } | undefined;
  /** Changes that are seen while it is pending. */
  readonly begin?: (() => void) | undefined;
  /** From when on it may begin, in ms of the clock; Infinity while nobody knows. Until then nothing of it is seen but that it is pending. */
  readonly freeAt?: (() => number) | undefined;
  readonly run: () => object | Promise<object>;
}

/** How a job is to end otherwise than by itself. `lost`: done, but nobody knows it any more; `lost-undone`: not even done. */
export type JobFault = { readonly errorcode: number; readonly errortext: string } | 'hang' | 'lost' | 'lost-undone';

/** A job of the fake. */
export interface Job {
  readonly id: string;
  readonly plan: JobPlan;
  readonly created: number;
  due: number;
  begun: boolean;
  readonly fault: JobFault | undefined;
  status: 0 | 1 | 2;
  completed: number | undefined;
  result: object | undefined;
  /** Its beginning failed already; it says so when its time has come. */
  failure: { errorcode: number; errortext: string } | undefined;
}

/** Jobs end when the clock has passed their time and somebody calls. */
export class JobQueue {
  readonly #jobs = new Map<string, Job>();
  /** Those that have not ended, in the order in which they began. */
  readonly #open = new Set<Job>();
  readonly #clock: FakeClock;
  #settling: Promise<void> = Promise.resolve();
  /** How long a new job stays pending, in ms of the fake's clock. */
  delayMs: number;

  constructor(clock: FakeClock, delayMs: number) {
    this.#clock = clock;
    this.delayMs = delayMs;
  }

  get(id: string): Job | undefined {
    const job = this.#jobs.get(id);
    return job === undefined || isLost(job) ? undefined : job;
  }

  get pending(): Job[] {
    return [...this.#open].filter((job) => !isLost(job));
  }

  start(plan: JobPlan, fault: JobFault | undefined): Job {
    const created = this.#clock.now();
    const job: Job = {
      id: randomUUID(),
      plan,
      created,
      due: created + this.delayMs,
      fault,
      begun: false,
      status: 0,
      completed: undefined,
      result: undefined,
      failure: undefined,
    };
    this.#jobs.set(job.id, job);
    this.#open.add(job);
    this.#begin(job);
    return job;
  }

  /** Ends every job whose time has come, one after the other. */
  settle(): Promise<void> {
    this.#settling = this.#settling.then(() => this.#settle());
    return this.#settling;
  }

  async #settle(): Promise<void> {
    for (const job of [...this.#open]) {
      this.#begin(job);
      if (!job.begun || job.due > this.#clock.now() || job.fault === 'hang' || job.fault === 'lost-undone') continue;
      const completed = this.#clock.now();
      const failure = typeof job.fault === 'object' ? job.fault : job.failure;
      if (failure !== undefined) fail(job, failure, completed);
      else await run(job, completed);
      this.#open.delete(job);
    }
  }

  /** Begins it, unless it must wait; its time counts from then on. */
  #begin(job: Job): void {
    const freeAt = job.begun ? 0 : (job.plan.freeAt?.() ?? 0);
    if (job.begun || freeAt > this.#clock.now()) return;
    job.begun = true;
    job.due = Math.max(job.created, freeAt) + this.delayMs;
    if (job.fault === undefined || job.fault === 'lost') attempt(() => job.plan.begin?.(), job);
  }
}

function isLost({ fault }: Job): boolean {
  return fault === 'lost' || fault === 'lost-undone';
}

async function run(job: Job, completed: number): Promise<void> {
  try {
    job.result = await job.plan.run();
    job.status = 1;
    job.completed = completed;
  } catch (error) {
    fail(job, errorOf(error), completed);
  }
}

function attempt(step: () => void, job: Job): void {
  try {
    step();
  } catch (error) {
    job.failure = errorOf(error);
  }
}

function errorOf(error: unknown): { errorcode: number; errortext: string } {
  if (error instanceof ApiError) return { errorcode: error.errorcode === 531 ? 530 : error.errorcode, errortext: error.message };
  return { errorcode: 530, errortext: error instanceof Error ? error.message : String(error) };
}

function fail(job: Job, error: { errorcode: number; errortext: string }, completed: number): void {
  job.status = 2;
  job.completed = completed;
  job.result = { errorcode: error.errorcode, errortext: error.errortext };
}
