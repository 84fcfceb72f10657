import { type AnswerContext, readAnswer } from './answer.ts';
import { CloudStackError } from './errors.ts';
import type { Post, PostAnswer, Transport } from './transport.ts';
import { type CloudStackClock, sleep } from './wait.ts';

/** One call with its repeats. */
interface CallPlan {
  readonly command: string;
  /** Builds the form anew for each attempt: `expires` moves on. */
  readonly form: () => string;
  readonly cookie?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
}

/** A line of the call log: no parameters, so no secrets. */
export interface CallLogEntry {
  readonly command: string;
  readonly ms: number;
  readonly status: number | undefined;
  readonly attempt: number;
}

/** What calls stand on. */
export interface CallContext extends Pick<AnswerContext, 'secrets'> {
  readonly transport: Transport;
  readonly clock: CloudStackClock;
  readonly log?: ((entry: CallLogEntry) => void) | undefined;
}

/** What came back: the inside of the envelope, and the cookies. */
interface CallAnswer {
  readonly inner: unknown;
  readonly setCookie: readonly string[];
}

const MAX_CONNECTION_RETRIES = 2;
const MAX_RATE_RETRIES = 4;
/** A longer wait than this is the caller's decision. */
const MAX_RATE_WAIT_MS = 10_000;

/**
 * Sends, reads, and repeats what may be repeated: reading commands after a lost connection, any command after 429
 * (a throttled call was not carried out).
 */
export async function callWithRetries(plan: CallPlan, context: CallContext): Promise<CallAnswer> {
  const end = plan.deadlineMs === undefined ? Number.POSITIVE_INFINITY : context.clock.now() + plan.deadlineMs;
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await postOnce(plan, context, { attempt, timeoutMs: end - context.clock.now() });
      return { inner: readAnswer(answer, { command: plan.command, secrets: context.secrets }), setCookie: answer.setCookie };
    } catch (error) {
      const wait = retryWait(error, plan.command, attempt);
      if (wait === undefined || context.clock.now() + wait >= end) throw error;
      await sleep(context.clock, wait, plan.signal);
    }
  }
}

/** Commands that only read. */
function isReading(command: string): boolean {
  return /^(list|get|query|is)[A-Z]/.test(command);
}

async function postOnce(plan: CallPlan, context: CallContext, now: { attempt: number; timeoutMs: number }): Promise<PostAnswer> {
  const { command, signal, cookie } = plan;
  const start = context.clock.now();
  const post: Post = { command, form: plan.form(), cookie, signal, timeoutMs: now.timeoutMs };
  let status: number | undefined;
  try {
    const answer = await context.transport.post(post);
    status = answer.status;
    return answer;
  } finally {
    context.log?.({ command, ms: context.clock.now() - start, status, attempt: now.attempt });
  }
}

function retryWait(error: unknown, command: string, attempt: number): number | undefined {
  if (!(error instanceof CloudStackError)) return undefined;
  if (error.code === 'CLOUDSTACK_RATE_LIMITED' && attempt < MAX_RATE_RETRIES) {
    const wait = error.retryAfterMs ?? 1000;
    return wait <= MAX_RATE_WAIT_MS ? wait + 10 : undefined;
  }
  const lost = error.code === 'CLOUDSTACK_UNREACHABLE' && isReading(command) && attempt < MAX_CONNECTION_RETRIES;
  return lost ? 200 * 2 ** attempt : undefined;
}
