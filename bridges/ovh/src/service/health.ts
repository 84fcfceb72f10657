import type { Clock } from '@fairlead/kernel/clock';
import type { Health } from '@fairlead/kernel/lifecycle';
import type { CheckRows } from '../store/checks.ts';
import type { ItemRows } from '../store/items.ts';
import type { Accounts } from './accounts.ts';
import type { ClockWatch } from './clock-watch.ts';
import { type InventoryState, inventoryState, type KeyState, keyState } from './state.ts';

export interface HealthParts {
  readonly accounts: Accounts;
  readonly checks: CheckRows;
  readonly items: ItemRows;
  readonly clockWatch: ClockWatch;
  readonly clock: Clock;
}

type Facts = Record<string, string | number | boolean>;

const DAY_MS = 86_400_000;

/**
 * What is known of each account. The bridge itself is well whatever OVHcloud says: no face of this gateway waits for it, and a readiness
 * that follows a foreign API would take the gateway away from those who back up their machines.
 */
export async function healthOf({ accounts, checks, items, clockWatch, clock }: HealthParts): Promise<Health> {
  const [rows, counts] = await Promise.all([checks.all(), items.counts()]);
  const facts: Facts = {};
  for (const { name } of accounts.all) {
    const of = (part: string) => rows.find((row) => row.account === name && row.part === part);
    const records = counts.filter((one) => one.account === name).map(({ kind, rows: many }) => `${many} ${kind}`);
    Object.assign(facts, inventoryFacts(name, { state: inventoryState(of('inventory')), records, now: clock.now() }));
    Object.assign(facts, keyFacts(name, keyState(of('key')), clock.now()));
    const delta = clockWatch.deltaOf(name);
    if (delta !== undefined && clockWatch.isOff(name)) facts[`${name} clock`] = `this machine differs by ${-delta} s`;
  }
  return { ok: true, facts };
}

interface Known {
  readonly state: InventoryState;
  readonly records: readonly string[];
  readonly now: number;
}

function inventoryFacts(name: string, { state, records, now }: Known): Facts {
  const { readMs, complete, failure, problems, missingRules, missingActions } = state;
  const facts: Facts = {
    [`${name} inventory`]: readMs === 0 ? 'never read' : `${complete ? 'complete' : 'partial'}: ${records.join(', ') || 'nothing'}`,
  };
  if (readMs > 0) facts[`${name} read`] = new Date(readMs).toISOString();
  if (readMs > 0) facts[`${name} age_seconds`] = Math.round((now - readMs) / 1000);
  if (failure !== undefined) facts[`${name} failure`] = `${failure.code}: ${failure.text}`;
  if (problems.length > 0) facts[`${name} problems`] = problems.join('; ');
  if (missingActions.length > 0) facts[`${name} missing actions`] = missingActions.join(', ');
  if (missingRules.length > 0) facts[`${name} missing rules`] = missingRules.join(', ');
  return facts;
}

function keyFacts(name: string, { status, endsMs, actsAs, failure }: KeyState, now: number): Facts {
  if (failure !== undefined) return { [`${name} key`]: `${failure.code}: ${failure.text}` };
  if (status === undefined) return {};
  const who = actsAs === undefined ? '' : `, acts as ${actsAs}`;
  if (endsMs === undefined) return { [`${name} key`]: `${status}${who}` };
  const days = Math.floor((endsMs - now) / DAY_MS);
  const ends = days < 0 ? `ended ${new Date(endsMs).toISOString()}` : `ends ${new Date(endsMs).toISOString()}, in ${days} days`;
  return { [`${name} key`]: `${status}, ${ends}${who}` };
}
