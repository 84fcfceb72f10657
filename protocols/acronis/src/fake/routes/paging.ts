import { badMember } from '../http/refusal.ts';

interface Numbered {
  readonly seq: number;
}

export interface PageWish<Row extends Numbered> {
  readonly query: URLSearchParams;
  readonly pageSize: number;
  /** What the list is ordered by before the order of arrival; default: nothing. */
  readonly keyOf?: (row: Row) => number;
  readonly descending?: boolean;
  /** How many rows of this page the next one repeats. */
  readonly repeat?: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly cursors: { readonly before?: string; readonly after?: string };
}

type Position = readonly [key: number, seq: number];

const MOST = 1000;

/** A page of rows between opaque cursors; a cursor holds a place, not a number, so that vanished rows do no harm. */
export function pageOf<Row extends Numbered>(rows: readonly Row[], wish: PageWish<Row>): Page<Row> {
  const { query, keyOf = () => 0, descending = false, repeat = 0 } = wish;
  const sign = descending ? -1 : 1;
  const at = (row: Row): Position => [keyOf(row), row.seq];
  const compare = (a: Position, b: Position): number => sign * (a[0] - b[0] || a[1] - b[1]);
  const sorted = [...rows].sort((a, b) => compare(at(a), at(b)));
  const limit = limitOf(query, wish.pageSize);
  const [after, before] = [cursorOf(query, 'after'), cursorOf(query, 'before')];
  const rest = sorted.filter(
    (row) => (after === undefined || compare(at(row), after) > 0) && (before === undefined || compare(at(row), before) < 0),
  );
  const page = before === undefined ? rest.slice(0, limit) : rest.slice(-limit);
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return { rows: page, cursors: {} };
  const from = repeat === 0 ? last : (page.at(-1 - repeat) ?? first);
  const more = compare(at(sorted.at(-1) ?? last), at(last)) > 0;
  const earlier = compare(at(sorted[0] ?? first), at(first)) < 0;
  return { rows: page, cursors: { ...(earlier && { before: encode(at(first)) }), ...(more && { after: encode(at(from)) }) } };
}

function limitOf(query: URLSearchParams, otherwise: number): number {
  const text = query.get('limit');
  if (text === null) return otherwise;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MOST) throw badMember('limit', `1 to ${MOST}`);
  return limit;
}

function cursorOf(query: URLSearchParams, name: string): Position | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const [, key, seq] = /^(-?\d+)\/(\d+)$/.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  if (key === undefined || seq === undefined) throw badMember(name, 'no such cursor');
  return [Number(key), Number(seq)];
}

function encode([key, seq]: Position): string {
  return Buffer.from(`${key}/${seq}`).toString('base64url');
}
