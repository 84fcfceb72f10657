/** How often a second all of them together get their work done, for so many milliseconds. */
export async function perSecond(works: readonly (() => Promise<unknown>)[], ms: number): Promise<number> {
  const begin = performance.now();
  let done = 0;
  const one = async (work: () => Promise<unknown>) => {
    while (performance.now() - begin < ms) {
      await work();
      done += 1;
    }
  };
  await Promise.all(works.map(one));
  return done / ((performance.now() - begin) / 1000);
}

/** Milliseconds of each of so many runs, one after the other. */
export async function timesOf(runs: number, work: (run: number) => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    await work(run);
    times.push(performance.now() - begin);
  }
  return times;
}

/** The value below which so many of a hundred are. */
function percentile(values: readonly number[], of: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * of) / 100))] ?? Number.NaN;
}

/** Some percentiles as a table shows them. */
export function percentiles(values: readonly number[], ...of: readonly number[]): readonly string[] {
  return of.map((one) => percentile(values, one).toFixed(2));
}
