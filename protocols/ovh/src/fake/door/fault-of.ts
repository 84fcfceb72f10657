import type { Fault } from '../faults.ts';
import { asRow, type Json, type Row } from '../json.ts';
import { isCount } from './settings.ts';

type Check = (row: Row) => boolean;

const anything: Check = () => true;
const status: Check = (row) => row.status === undefined || isStatus(row.status);
const LONGEST_DELAY_MS = 600_000;

/** What each kind of fault wants besides its kind. */
const CHECKS: Readonly<Record<Fault['kind'], Check>> = {
  delay: ({ ms }) => isCount(ms) && ms <= LONGEST_DELAY_MS,
  reset: anything,
  'lost-answer': anything,
  hang: anything,
  cut: anything,
  truncate: anything,
  drip: anything,
  empty: anything,
  html: status,
  body: (row) => status(row) && typeof row.body === 'string' && isText(row.contentType),
  redirect: (row) =>
    typeof row.location === 'string' && (row.status === undefined || [301, 302, 303, 307, 308].includes(Number(row.status))),
  status: (row) => isStatus(row.status) && isText(row.class) && isText(row.errorCode) && isText(row.message) && isRetry(row.retryAfter),
};

/** The fault that another program asks for; undefined when it is none. */
export function faultOf(value: Json | undefined): Fault | undefined {
  const row = asRow(value);
  if (typeof row?.kind !== 'string' || !Object.hasOwn(CHECKS, row.kind)) return undefined;
  return CHECKS[row.kind as Fault['kind']](row) ? (row as unknown as Fault) : undefined;
}

function isStatus(value: Json | undefined): boolean {
  return isCount(value) && value >= 200 && value <= 599;
}

function isText(value: Json | undefined): boolean {
  return value === undefined || typeof value === 'string';
}

function isRetry(value: Json | undefined): boolean {
  return isText(value) || isCount(value);
}
