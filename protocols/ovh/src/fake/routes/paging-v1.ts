import { type Call, header } from '../http/call.ts';
import type { Json, Row } from '../json.ts';
import { refuse } from '../refusal.ts';

/** A list with the headers that belong to it. */
export interface Page {
  readonly body: Json;
  readonly headers: Readonly<Record<string, string>>;
}

const DEFAULT_SIZE = 5000;
const LARGEST_SIZE = 50_000;

/** Whether the call wants objects instead of ids (3.13 "Iceberg"). */
export function wantsObjects(call: Call): boolean {
  return header(call, 'x-pagination-mode')?.startsWith('CachedObjectList-') ?? false;
}

/** The page of objects that the headers of a call ask for. */
export function objectPage(call: Call, rows: readonly Row[]): Page {
  const kept = sorted(call, filtered(call, rows));
  const size = positive(header(call, 'x-pagination-size'), DEFAULT_SIZE, LARGEST_SIZE);
  const cursors = header(call, 'x-pagination-mode') === 'CachedObjectList-Cursor';
  const start = cursors ? cursorStart(call) : (positive(header(call, 'x-pagination-number'), 1, Number.MAX_SAFE_INTEGER) - 1) * size;
  const headers: Record<string, string> = { 'X-Pagination-Elements': String(kept.length) };
  if (cursors && start + size < kept.length) headers['X-Pagination-Cursor-Next'] = Buffer.from(`o:${start + size}`).toString('base64url');
  return { body: kept.slice(start, start + size), headers };
}

function cursorStart(call: Call): number {
  const cursor = header(call, 'x-pagination-cursor');
  if (cursor === undefined) return 0;
  const offset = /^o:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  if (offset === undefined) throw refuse.badCursor();
  return Number(offset);
}

function positive(text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw refuse.badRequest('invalid pagination header');
  return Math.min(Number(text), most);
}

function sorted(call: Call, rows: readonly Row[]): readonly Row[] {
  const field = header(call, 'x-pagination-sort');
  if (field === undefined) return rows;
  const turn = header(call, 'x-pagination-sort-order')?.toUpperCase() === 'DESC' ? -1 : 1;
  return [...rows].sort((left, right) => turn * compare(memberOf(left, field), memberOf(right, field)));
}

function compare(left: Json | undefined, right: Json | undefined): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [a, b] = [String(left ?? ''), String(right ?? '')];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function filtered(call: Call, rows: readonly Row[]): readonly Row[] {
  const filter = header(call, 'x-pagination-filter');
  if (filter === undefined) return rows;
  const tests = filter.split('&').map(testOf);
  return rows.filter((row) => tests.every((test) => test(row)));
}

type RowTest = (row: Row) => boolean;

function testOf(clause: string): RowTest {
  const [, key, operator = '', value] = /^([^:=]+):(eq|ne|lt|gt|like|in)=(.*)$/s.exec(clause) ?? [];
  if (key === undefined || value === undefined) throw refuse.badRequest('invalid pagination filter');
  const [field, wanted] = [decoded(key), decoded(value)];
  return (row) => holds(operator, memberOf(row, field), wanted);
}

function holds(operator: string, member: Json | undefined, wanted: string): boolean {
  const text = typeof member === 'object' ? JSON.stringify(member) : String(member);
  if (operator === 'eq') return text === wanted;
  if (operator === 'ne') return text !== wanted;
  if (operator === 'in') return wanted.split(',').includes(text);
  if (operator === 'like') return like(wanted, text);
  const order = compare(member, typeof member === 'number' ? Number(wanted) : wanted);
  return operator === 'lt' ? order < 0 : order > 0;
}

/** SQL's `LIKE` with `%` alone; case does not count. */
export function like(pattern: string, text: string): boolean {
  const parts = pattern.toLowerCase().split('%');
  const lower = text.toLowerCase();
  const [first = '', ...rest] = parts;
  if (!lower.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return lower === first;
  let at = first.length;
  for (const part of rest) {
    const found = lower.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return lower.length - last.length >= at && lower.endsWith(last);
}

function memberOf(row: Row, field: string): Json | undefined {
  let value: Json | undefined = row;
  for (const name of field.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, name) ? (value as Row)[name] : undefined;
  }
  return value;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse.badRequest('invalid pagination filter');
  }
}
