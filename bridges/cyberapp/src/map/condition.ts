import { cleanText } from './text.ts';
import type { Condition } from './types.ts';

const MOST_TITLE = 120;
const MOST_DESCRIPTION = 1000;
const MOST_FIELDS = 20;
const MOST_VALUE = 500;
const MOST_NAME = 60;

/** Labels are fixed; what is not known is left out. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** A condition within the limits of what is sent (cyberapp 5.5). */
export function condition(made: Omit<Condition, 'fields'> & { readonly fields: Fields }): Condition {
  const fields = Object.entries(made.fields)
    .map(([label, value]) => [label, cleanText(value ?? '', MOST_VALUE)] as const)
    .filter(([, value]) => value !== '')
    .slice(0, MOST_FIELDS);
  return {
    ...made,
    title: cleanText(made.title, MOST_TITLE),
    description: cleanText(made.description, MOST_DESCRIPTION),
    fields: Object.fromEntries(fields),
  };
}

/** The name of a thing within a sentence. */
export function shortName(name: string, key: string): string {
  return cleanText(name, MOST_NAME) || cleanText(key, MOST_NAME);
}

const MOST_LISTS = 10;
const SEPARATOR = ', ';

/** Names as rows of a table, `Machines`, `Machines 2` …; what does not fit is counted. */
export function nameRows(label: string, names: readonly string[]): Record<string, string> {
  const rows: string[] = [];
  let row = '';
  let told = 0;
  for (const name of names) {
    const longer = row === '' ? name : row + SEPARATOR + name;
    if (longer.length <= MOST_VALUE) {
      row = longer;
    } else {
      if (rows.length === MOST_LISTS - 1) break;
      rows.push(row);
      row = name;
    }
    told += 1;
  }
  if (row !== '') rows.push(row);
  const more = names.length - told;
  const titled = rows.map((text, at) => [at === 0 ? label : `${label} ${at + 1}`, text] as const);
  return Object.fromEntries(more > 0 ? [...titled, ['Not listed', String(more)]] : titled);
}

/** Two levels of one measure: each is raised at one share and closed at a lower one. */
export interface Level {
  readonly dedupKey: string;
  readonly raise: number;
  readonly clear: number;
}

/** Which level a share has reached; on the way down it stays until it is at the lower threshold. At most one is so. */
export function levelOf(share: number, { near, full }: Record<'near' | 'full', Level>, isOpen: (key: string) => boolean) {
  const wasFull = isOpen(full.dedupKey);
  if (share >= full.raise || (wasFull && share > full.clear)) return 'full';
  const wasNear = wasFull || isOpen(near.dedupKey);
  return share >= near.raise || (wasNear && share > near.clear) ? 'near' : undefined;
}

/** `86 %`. */
export function percentText(share: number): string {
  return `${Math.floor(Math.min(share, 100) * 100)} %`;
}
