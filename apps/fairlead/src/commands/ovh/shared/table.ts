import { formatTable } from '../../../output.ts';
import { printable, toJson } from './text.ts';

type Row = Readonly<Record<string, unknown>>;

/** Whether every element is an object without objects or lists in it. */
export function isFlatList(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => isRow(item) && Object.values(item).every(isScalar));
}

/** A table of a list of objects, of a list of values, or of one object; undefined of an empty list. */
export function tableOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : tableOfList(value);
  if (!isRow(value)) return cellOf(value);
  return formatTable([['key', 'value'], ...Object.entries(value).map(([key, member]) => [printable(key), cellOf(member)])]);
}

function tableOfList(items: readonly unknown[]): string {
  const rows = items.map((item): Row => (isRow(item) ? item : { value: item }));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const body = rows.map((row) => columns.map((column) => (Object.hasOwn(row, column) ? cellOf(row[column]) : '')));
  return formatTable([columns.map(printable), ...body]);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return printable(typeof value === 'string' ? value : toJson(value));
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
