const MOST_SHOWN = 20;

/** Organizations for the audit: the first ids, and how many there are. */
export function idsOf(rows: readonly { readonly organization_id: string }[]): string {
  const ids = rows.slice(0, MOST_SHOWN).map((row) => row.organization_id);
  return rows.length > MOST_SHOWN ? `${rows.length}: ${ids.join(' ')} …` : ids.join(' ');
}
