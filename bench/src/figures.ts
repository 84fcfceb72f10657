/** The middle one of some values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Median with the least and the greatest, for a table. */
export function spread(values: readonly number[], digits = 2): string {
  const text = (value: number) => value.toFixed(digits);
  return `${text(median(values))} (${text(Math.min(...values))}–${text(Math.max(...values))})`;
}

/** Item by item, one divided by the other: measured in turn, so that the drift of a machine falls out. */
export function ratios(ours: readonly number[], theirs: readonly number[]): readonly number[] {
  return ours.map((one, round) => one / (theirs[round] ?? Number.NaN));
}
