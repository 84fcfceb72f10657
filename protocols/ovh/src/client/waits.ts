import { WaitFailedError } from '../errors/errors.ts';
import type { Clock } from './clock.ts';
import type { CallOptions } from './options.ts';
import type { Calls } from './paginate.ts';
import { type PollOptions, poll } from './poll.ts';

export interface WaitOptions extends PollOptions, Pick<CallOptions, 'path'> {
  /** States that are awaited. */
  readonly until?: string | readonly string[] | undefined;
  /** States that are failures. */
  readonly fail?: string | readonly string[] | undefined;
}

interface Wait {
  readonly member: 'resourceStatus' | 'status';
  readonly until: readonly string[];
  readonly fail: readonly string[];
}

const DEFAULT_INTERVAL_MS = 5000;
const DEFAULT_TIMEOUT_MS = 3_600_000;

/** Waits for `resourceStatus` of a resource of v2 (spec 3.14): READY, or ERROR, unless told. */
export function waitForResource<T>(calls: Calls, clock: Clock, path: string, options: WaitOptions = {}): Promise<T> {
  const wait: Wait = { member: 'resourceStatus', until: wordsOf(options.until, ['READY']), fail: wordsOf(options.fail, ['ERROR']) };
  return waitFor<T>({ calls, clock, path, wait }, options);
}

/** Waits for `status` of a task of v1: done, or cancelled, customerError, ovhError, unless told. */
export function waitForTask<T>(calls: Calls, clock: Clock, path: string, options: WaitOptions = {}): Promise<T> {
  const fail = wordsOf(options.fail, ['cancelled', 'customerError', 'ovhError']);
  const wait: Wait = { member: 'status', until: wordsOf(options.until, ['done']), fail };
  return waitFor<T>({ calls, clock, path, wait }, options);
}

interface Subject {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly path: string;
  readonly wait: Wait;
}

function waitFor<T>({ calls, clock, path, wait }: Subject, options: WaitOptions): Promise<T> {
  const { interval = DEFAULT_INTERVAL_MS, timeout = DEFAULT_TIMEOUT_MS, signal } = options;
  const ask = async (): Promise<T | undefined> => {
    const found = await calls.request<Record<string, unknown> | null>('GET', path, { path: options.path, signal });
    const state = String(found?.[wait.member]);
    if (wait.until.includes(state)) return found as T;
    if (wait.fail.includes(state)) throw new WaitFailedError(`${path} ended in the state ${state}`, state);
    return undefined;
  };
  return poll(path, ask, clock, { interval, timeout, signal });
}

function wordsOf(given: string | readonly string[] | undefined, otherwise: readonly string[]): readonly string[] {
  if (given === undefined) return otherwise;
  return typeof given === 'string' ? [given] : given;
}
