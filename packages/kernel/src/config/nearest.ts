/** The word that was probably meant: at most two letters away (one for short words), else `undefined`. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly word: string; readonly away: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > 2) continue;
    const away = distance(word.toLowerCase(), candidate.toLowerCase());
    if (away <= (word.length > 3 ? 2 : 1) && away < (best?.away ?? 3)) best = { word: candidate, away };
  }
  return best?.word;
}

/** Letters to add, drop or change (Levenshtein), one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const changed = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
