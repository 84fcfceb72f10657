import { isUuid } from '@fairlead/kernel/ids';
import { isObject } from '../../../codec/read.ts';
import type { DriverAnswer } from '../driver-options.ts';

export interface Check {
  /** What was looked at, in words. */
  readonly check: string;
  readonly outcome: 'good' | 'failed' | 'skipped';
  /** What came, or why it was skipped. */
  readonly seen: string;
}

export interface Report {
  readonly scenario: string;
  /** Nothing failed. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

const LONGEST = 200;

/** Gathers what a scenario sees. */
export class Checks {
  readonly #list: Check[] = [];

  get all(): readonly Check[] {
    return this.#list;
  }

  that(check: string, good: boolean, seen: string): void {
    this.#list.push({ check, outcome: good ? 'good' : 'failed', seen });
  }

  skip(check: string, why: string): void {
    this.#list.push({ check, outcome: 'skipped', seen: why });
  }

  /** 200, and the gateway finds nothing wrong. */
  accepted(check: string, answer: DriverAnswer): DriverAnswer {
    this.that(check, answer.accepted, seenIn(answer));
    return answer;
  }

  /** An error answer with one of these statuses and a sentence for the administrator. */
  refused(check: string, answer: DriverAnswer, ...statuses: readonly number[]): DriverAnswer {
    this.that(check, statuses.includes(answer.status) && isErrorBody(answer.body), seenIn(answer));
    return answer;
  }

  /** One of the answers that a custom callback declares for this status. */
  declared(check: string, answer: DriverAnswer, status: number): DriverAnswer {
    this.that(check, answer.status === status && answer.problems.length === 0, seenIn(answer));
    return answer;
  }

  same(check: string, seen: unknown, wanted: unknown): void {
    const [is, should] = [JSON.stringify(seen) ?? 'nothing', JSON.stringify(wanted) ?? 'nothing'];
    this.that(check, is === should, is === should ? cut(is) : `${cut(is)}, not ${cut(should)}`);
  }
}

/** The report as lines of text: a table of outcome, check and what was seen. */
export function formatReport({ scenario, ok, checks }: Report): string {
  const words = { good: 'ok', failed: 'FAILED', skipped: 'skipped' };
  const width = Math.max(0, ...checks.map(({ check }) => check.length));
  const lines = checks.map(({ outcome, check, seen }) => `  ${words[outcome].padEnd(7)}  ${check.padEnd(width)}  ${seen}`.trimEnd());
  const counts = (['good', 'failed', 'skipped'] as const).map((one) => `${checks.filter(({ outcome }) => outcome === one).length} ${one}`);
  return [`${scenario}: ${ok ? 'good' : 'FAILED'} (${counts.join(', ')})`, ...lines, ''].join('\n');
}

function isErrorBody(body: unknown): boolean {
  return isObject(body) && typeof body.err_message === 'string' && typeof body.response_id === 'string' && isUuid(body.response_id);
}

function seenIn({ status, failure, problems, body, payload }: DriverAnswer): string {
  if (failure !== undefined) return failure;
  if (status !== 200) return cut(`${status} ${textOf(body)}`.trim());
  if (problems.length > 0) return cut(`200, but ${problems.join('; ')}`);
  return cut(payload === undefined ? '200' : `200 ${JSON.stringify(payload)}`);
}

function textOf(body: unknown): string {
  if (!isObject(body)) return 'without a JSON object';
  const { payload } = body;
  if (typeof body.err_message === 'string') return body.err_message;
  return isObject(payload) && typeof payload.message === 'string' ? payload.message : '';
}

/** Foreign text on one line. */
function cut(text: string): string {
  const plain = text.replace(/\p{Cc}+/gu, ' ');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
}
