import type { KeptAnswer } from '../../service/replay.ts';

/** Where the decision about a callback fell (cyberapp 2.11): for audit and metrics, never for the answer. */
export type Step =
  | 'address'
  | 'size'
  | 'media_type'
  | 'headers'
  | 'token'
  | 'keys'
  | 'body'
  | 'scope'
  | 'datacenter'
  | 'credentials'
  | 'extra'
  | 'locked'
  | 'password'
  | 'organization'
  | 'callback'
  | 'payload'
  | 'replay'
  | 'effect'
  | 'deadline'
  | 'internal';

/** An error with the step that decided. */
export class Refused extends Error {
  readonly step: Step;
  /** Finer than the step: `expired`, `no_split`. */
  readonly reason: string | undefined;
  /** The answer that was kept for it, where one was. */
  readonly kept: KeptAnswer | undefined;
  override readonly cause: unknown;

  constructor(step: Step, cause: unknown, { reason, kept }: { readonly reason?: string | undefined; readonly kept?: KeptAnswer } = {}) {
    super(`refused at ${step}`);
    this.step = step;
    this.reason = reason;
    this.kept = kept;
    this.cause = cause;
  }
}

/** Runs one step: what it throws is known to have come from it. */
export async function atStep<T>(step: Step, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(step, error);
  }
}
