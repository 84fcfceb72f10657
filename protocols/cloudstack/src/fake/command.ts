import type { Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import type { JobPlan } from './job-queue.ts';
import type { ParamReader } from './param-reader.ts';
import type { Throttle } from './throttle.ts';

/** What a command works on. */
export interface Context {
  readonly cloud: Cloud;
  readonly caller: Caller;
  readonly command: string;
  readonly params: ParamReader;
  readonly throttle: Throttle;
  /** Starts a job; gives the immediate answer `{id?, jobid}`. */
  readonly job: (plan: JobStart) => object;
}

/** A job as a command describes it. */
export interface JobStart extends Pick<JobPlan, 'instance' | 'begin'> {
  /** `id` of the immediate answer: creating commands say it. */
  readonly id?: string;
  /** Gives `jobresult`; the context adds `jobid` and `jobstatus` to the object inside, as the server does. */
  readonly run: () => object | Promise<object>;
}

/** Gives the inside of the envelope. */
export type Command = (context: Context) => object | Promise<object>;

/** The commands of a noun. */
export type CommandTable = Readonly<Record<string, Command>>;
