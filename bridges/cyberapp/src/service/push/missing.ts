import type { WorkloadRow } from '../../store/tables.ts';
import type { DiffInput, RowChange } from './diff.ts';

/** Rows whose item is not to be shown any more. */
export interface Leaving {
  /** Newly missed, or missed once more. */
  readonly missed: readonly RowChange[];
  /** To be removed at Acronis. */
  readonly leaving: readonly RowChange[];
  /** Keys of rows that Acronis never had, or that are to be forgotten. */
  readonly dropped: readonly string[];
  /** Set when so much is missing that nothing of it leaves (cyberapp 4.10). */
  readonly guard: { readonly missing: number; readonly live: number } | undefined;
}

const LEAST_RUNS = 2;
/** Up to so many may vanish at once, whatever their share. */
const FEW = 5;

/** Sorts out what is missing: only where its source was read whole, after two runs and the grace, unless it is known to be elsewhere. */
export function leavingRows(
  input: Omit<DiffInput, 'allowDeletes'> & { readonly allowDeletes: boolean },
  wanted: ReadonlyMap<string, unknown>,
): Leaving {
  const missed: RowChange[] = [];
  const atOnce: WorkloadRow[] = [];
  const candidates: WorkloadRow[] = [];
  const forgotten: string[] = [];
  for (const row of input.rows.values()) {
    if (wanted.has(row.item_key) || row.state === 'leaving') continue;
    const isForeign = row.organization_id !== input.desire.organizationId;
    if (isForeign && input.settings.onUnmap === 'keep') forgotten.push(row.item_key);
    else if (isForeign || input.isElsewhere(row.item_key)) atOnce.push(row);
    else if (input.desire.complete.has(row.source)) {
      const miss = missOf(row, input.now);
      missed.push({ key: row.item_key, set: miss });
      const isDue = miss.missing_runs >= LEAST_RUNS && input.now - miss.missing_since_ms >= input.settings.deleteGraceMs;
      if (isDue) candidates.push(row);
    }
  }
  const guard = input.allowDeletes ? undefined : guardOf(input, candidates);
  const gone = guard === undefined ? [...atOnce, ...candidates] : atOnce;
  return {
    missed,
    guard,
    leaving: gone.filter(mayExist).map(leave(input.now)),
    dropped: [...forgotten, ...gone.filter((row) => !mayExist(row)).map((row) => row.item_key)],
  };
}

function missOf(row: WorkloadRow, now: number) {
  return { missing_runs: row.missing_runs + 1, missing_since_ms: row.missing_since_ms ?? now };
}

/** Whether Acronis has it, or may have it. */
export function mayExist(row: Pick<WorkloadRow, 'workload_id' | 'state' | 'inflight_op'>): boolean {
  return row.workload_id !== null || row.state === 'creating' || row.inflight_op === 'create';
}

/** A change to `leaving`; when it was created is kept for those who look it up. */
export function leave(now: number): (row: WorkloadRow) => RowChange {
  return (row) => {
    const isSought = row.workload_id === null;
    const since = isSought ? {} : { updated_ms: now, inflight_op: null, inflight_since_ms: null };
    return {
      key: row.item_key,
      set: { state: 'leaving', next_attempt_ms: 0, last_error: null, ...(isSought ? {} : { attempts: 0 }), ...since },
    };
  };
}

function guardOf({ rows, desire, settings }: DiffInput, candidates: readonly WorkloadRow[]): Leaving['guard'] {
  if (candidates.length === 0) return undefined;
  const live = [...rows.values()].filter((row) => row.state === 'live' && row.organization_id === desire.organizationId);
  const going = candidates.filter((row) => row.state === 'live');
  const isMuch = going.length > FEW && going.length * 100 > live.length * settings.maxDeleteShare;
  const sources = new Set(going.map((row) => row.source));
  const isWholeSource = [...sources].some(
    (source) => live.filter((row) => row.source === source).length === going.filter((row) => row.source === source).length,
  );
  return isMuch || isWholeSource ? { missing: going.length, live: live.length } : undefined;
}
