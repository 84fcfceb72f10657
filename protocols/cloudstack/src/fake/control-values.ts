import type { Fault } from './faults.ts';
import type { AgentAnswer } from './host-agent.ts';

/** A control call that cannot be understood. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Fields of each kind of fault: `?` where it may be left out. */
const FAULTS: Readonly<Record<Fault['kind'], Readonly<Record<string, string>>>> = {
  delay: { ms: 'number' },
  cut: {},
  reset: {},
  hang: {},
  html: { status: 'number?' },
  body: { status: 'number?', contentType: 'string?', body: 'string' },
  status: { status: 'number', retryAfterMs: 'number?' },
  error: { errorcode: 'number', cserrorcode: 'number?', errortext: 'string' },
  job: { errorcode: 'number', errortext: 'string' },
  'job-hang': {},
  'job-lost': { effect: 'boolean?' },
  'lost-answer': {},
};

const STATUSES = [401, 429, 503];

/** @throws ControlError 400 for anything but a JSON object */
export function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new ControlError(400, 'The body must be a JSON object');
}

/** @throws ControlError 400 */
export function readFault(value: unknown): Fault {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const kind = String(given.kind);
  const fields = Object.hasOwn(FAULTS, kind) ? FAULTS[kind as Fault['kind']] : undefined;
  if (fields === undefined) throw new ControlError(400, `fault.kind is one of ${Object.keys(FAULTS).join(', ')}`);
  for (const [name, type] of Object.entries(fields)) {
    if (given[name] === undefined && type.endsWith('?')) continue;
    if (typeof given[name] !== type.replace('?', '')) throw new ControlError(400, `fault.${name} of ${kind} is a ${type.replace('?', '')}`);
  }
  const extra = Object.keys(given).find((name) => name !== 'kind' && !Object.hasOwn(fields, name));
  if (extra !== undefined) throw new ControlError(400, `${kind} has no ${extra}`);
  if (kind === 'status' && !STATUSES.includes(given.status as number))
    throw new ControlError(400, `fault.status is one of ${STATUSES.join(', ')}`);
  return given as unknown as Fault;
}

/** How often: a whole number of 1 or more, `until cleared`, or nothing, which is once. */
export function readTimes(value: unknown): number {
  if (value === undefined) return 1;
  if (value === 'until cleared') return Number.POSITIVE_INFINITY;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new ControlError(400, 'times is a whole number of 1 or more, or "until cleared"');
}

/** @throws ControlError 400 */
export function readAnswer(value: unknown): AgentAnswer {
  if (value === 'unsupported') return value;
  const { no } = (typeof value === 'object' && value !== null ? value : {}) as { no?: unknown };
  if (typeof no === 'string') return { no };
  throw new ControlError(400, 'answer is "unsupported" or {"no": "<what the host says>"}');
}
