/** What a run did, by what it is called in `cyberapp_runs` and on the command line. */
export const COUNTED = [
  'tenants',
  'created',
  'adopted',
  'updated',
  'removed',
  'second_posts',
  'duplicates',
  'vanished',
  'foreign',
  'dropped',
  'raised',
  'closed',
  'dismissed',
  'orphans',
  'blocked',
  'failed',
  'guarded',
  'skipped',
  'poisoned',
] as const;

export type Counted = (typeof COUNTED)[number];
/** Absent means none. */
export type PushCounts = Readonly<Partial<Record<Counted, number>>>;

/** Adds up what the steps of a run did. */
export class Tally {
  readonly #counts: Partial<Record<Counted, number>> = {};

  add(what: Counted, howMany = 1): void {
    if (howMany !== 0) this.#counts[what] = (this.#counts[what] ?? 0) + howMany;
  }

  addAll(counts: PushCounts): void {
    for (const what of COUNTED) this.add(what, counts[what] ?? 0);
  }

  of(what: Counted): number {
    return this.#counts[what] ?? 0;
  }

  get counts(): PushCounts {
    return { ...this.#counts };
  }
}
