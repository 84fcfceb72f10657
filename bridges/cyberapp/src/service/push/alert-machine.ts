import { ALERT_TYPES } from '../../map/alert-types.ts';
import { AFFECTED } from '../../map/infrastructure-conditions.ts';
import type { AlertCode, Condition } from '../../map/types.ts';
import type { AlertRow } from '../../store/tables.ts';
import { type AlertBody, readAlertBody, sentContent, unsentContent } from './alert-body.ts';
import { FLAPPING_CLEAR_MS, isFlapping } from './alert-flapping.ts';

/** What is kept of one condition. */
export interface HeldAlert {
  /** Episodes that are not closed, oldest first. The latest one counts; those before it are on their way out. */
  readonly rows: readonly AlertRow[];
  /** How many alerts of it came and went lately. */
  readonly cleared: number;
}

export interface MachineRules {
  readonly now: number;
  /** After this a dismissed alert is raised again; undefined: never. */
  readonly reRaiseAfterMs: number | undefined;
  /** What the Vendor Portal is said to hold. */
  readonly manifest: string | undefined;
  readonly bodyOf: (condition: Condition, openedMs: number, flapping: boolean) => AlertBody;
}

export type AlertValues = Partial<Omit<AlertRow, 'acronis_tenant_id' | 'dedup_key' | 'episode' | 'source_stamp'>>;

/** One write: a new episode, a change of one, or the end of one that never left this gateway. */
export type AlertChange =
  | { readonly op: 'begin'; readonly condition: Condition; readonly values: BeginValues }
  | { readonly op: 'set'; readonly row: AlertRow; readonly values: AlertValues }
  | { readonly op: 'drop'; readonly row: AlertRow };

export type BeginValues = Pick<AlertRow, 'state' | 'opened_ms' | 'next_attempt_ms' | 'body' | 'content_hash'>;

/** A row begins its time in a new state with no failure behind it. */
const FRESH = { attempts: 0, next_attempt_ms: 0, last_error: null, inflight_op: null, inflight_since_ms: null } as const;

/** Nothing is waited for. */
const STILL_TRUE = { false_since_ms: null, next_attempt_ms: 0 } as const;

/** What a condition that is true makes of what is kept of it (cyberapp 5.6). */
export function whileTrue(held: HeldAlert, condition: Condition, rules: MachineRules): readonly AlertChange[] {
  const row = held.rows.at(-1);
  if (row === undefined) return [begin(held, condition, rules)];
  const step = TRUE_STEPS[row.state];
  return step(row, { held, condition, rules });
}

/** What becomes of an episode whose condition is known not to be true. */
export function whileFalse(row: AlertRow, rules: MachineRules): readonly AlertChange[] {
  const step = FALSE_STEPS[row.state];
  return step(row, rules);
}

/** What becomes of an episode of a tenant that is left: nothing is waited for. */
export function whenLeft(row: AlertRow, now: number): readonly AlertChange[] {
  if (row.state === 'closing') return [set(row, { next_attempt_ms: 0 })];
  if (row.state === 'raising' && row.inflight_op !== null) {
    return [set(row, { false_since_ms: row.false_since_ms ?? now, next_attempt_ms: 0 })];
  }
  const shown = row.alert_id !== null && (row.state === 'open' || row.state === 'blocked');
  return [shown ? set(row, { state: 'closing', false_since_ms: row.false_since_ms ?? now, ...FRESH }) : { op: 'drop', row }];
}

interface TrueCase {
  readonly held: HeldAlert;
  readonly condition: Condition;
  readonly rules: MachineRules;
}

type TrueStep = (row: AlertRow, told: TrueCase) => readonly AlertChange[];

const TRUE_STEPS: Readonly<Record<AlertRow['state'], TrueStep>> = {
  pending: (row, { held, condition, rules }) => {
    const { opened_ms, ...values } = begin(held, condition, rules).values;
    if (values.state === 'raising') return [set(row, { opened_ms, ...values })];
    return [set(row, { ...values, ...unsentContent(sameKind(row, condition, rules)) })];
  },
  // What may be at Acronis already is told as it was sent.
  raising: (row, { condition, rules }) =>
    row.inflight_op === null
      ? [set(row, { ...unsentContent(sameKind(row, condition, rules)), false_since_ms: null })]
      : [set(row, { false_since_ms: null })],
  open: stayOpen,
  // Nothing was asked of Acronis: it is there as if nothing had been. Else it may be gone, and another one tells of it.
  closing: (row, { held, condition, rules }) =>
    row.inflight_op === null ? [set(row, { state: 'open', ...FRESH, false_since_ms: null })] : [begin(held, condition, rules)],
  dismissed: (row, { held, condition, rules: { reRaiseAfterMs }, rules }) => {
    const dismissed = row.dismissed_ms ?? rules.now;
    if (reRaiseAfterMs === undefined || rules.now < dismissed + reRaiseAfterMs) return [set(row, STILL_TRUE)];
    return [set(row, { state: 'closed', closed_ms: rules.now }), begin(held, condition, rules)];
  },
  blocked: (row, { condition, rules }) => {
    if (row.alert_id !== null) return [set(row, { state: 'open', ...FRESH, false_since_ms: null })];
    const body = sameKind(row, condition, rules);
    const content = unsentContent(body);
    const another = content.content_hash !== row.content_hash || body.manifest !== readAlertBody(row.body).manifest;
    return another ? [set(row, { state: 'raising', ...FRESH, ...content, false_since_ms: null })] : [set(row, { false_since_ms: null })];
  },
  closed: (_row, { held, condition, rules }) => [begin(held, condition, rules)],
};

type FalseStep = (row: AlertRow, rules: MachineRules) => readonly AlertChange[];

const FALSE_STEPS: Readonly<Record<AlertRow['state'], FalseStep>> = {
  pending: (row) => [{ op: 'drop', row }],
  raising: (row, { now }) => (row.inflight_op === null ? [{ op: 'drop', row }] : [set(row, { false_since_ms: row.false_since_ms ?? now })]),
  open: (row, rules) => clear(row, rules, { state: 'closing', ...FRESH }),
  closing: () => [],
  dismissed: (row, rules) => clear(row, rules, { state: 'closed', closed_ms: rules.now, next_attempt_ms: 0 }),
  blocked: (row, rules) => {
    if (row.alert_id === null) return [set(row, { state: 'closed', closed_ms: rules.now, false_since_ms: rules.now })];
    return readAlertBody(row.body).manifest === rules.manifest ? [] : [set(row, { state: 'closing', ...FRESH })];
  },
  closed: () => [],
};

/** An alert is over when its condition has not been true for a while. */
function clear(row: AlertRow, { now }: MachineRules, over: AlertValues): readonly AlertChange[] {
  const since = row.false_since_ms ?? now;
  const hold = ALERT_TYPES[row.alert_type as AlertCode]?.clearMs ?? 0;
  const wait = readAlertBody(row.body).flapping ? Math.max(hold, FLAPPING_CLEAR_MS) : hold;
  return [set(row, { false_since_ms: since, next_attempt_ms: since + wait, ...(now - since >= wait ? over : {}) })];
}

/** Text alone is kept and never sent; a list of machines that has grown by half is a new alert, and the old one goes when it is there. */
function stayOpen(row: AlertRow, { held, condition, rules }: TrueCase): readonly AlertChange[] {
  const sent = readAlertBody(row.body);
  const kept = set(row, { ...sentContent(sent, rules.bodyOf(condition, row.opened_ms, sent.flapping === true)), ...STILL_TRUE });
  return hasGrown(sent, condition) ? [kept, begin(held, condition, rules)] : [kept];
}

function hasGrown({ draft }: AlertBody, condition: Condition): boolean {
  if (condition.code !== 'host_down') return false;
  return Number(condition.fields[AFFECTED]) >= 1.5 * Number(draft.details.fields[AFFECTED]);
}

function begin(held: HeldAlert, condition: Condition, { now, bodyOf }: MachineRules): AlertChange & { readonly op: 'begin' } {
  const due = Math.min(condition.since, now) + ALERT_TYPES[condition.code].holdMs;
  const isDue = due <= now;
  const body = bodyOf(condition, now, isFlapping(held.cleared));
  const values = {
    state: isDue ? 'raising' : 'pending',
    opened_ms: now,
    next_attempt_ms: isDue ? 0 : due,
    ...unsentContent(body),
  } as const;
  return { op: 'begin', condition, values };
}

function sameKind(row: AlertRow, condition: Condition, { bodyOf }: MachineRules): AlertBody {
  return bodyOf(condition, row.opened_ms, readAlertBody(row.body).flapping === true);
}

function set(row: AlertRow, values: AlertValues): AlertChange & { readonly op: 'set' } {
  return { op: 'set', row, values };
}
