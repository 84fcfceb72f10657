import { createHash } from 'node:crypto';
import { type Call, header } from '../http/call.ts';
import type { Json } from '../json.ts';
import { refuse } from '../refusal.ts';
import type { Page } from './paging-v1.ts';

const DEFAULT_SIZE = 25;
const LARGEST_SIZE = 5000;

/** The page at the cursor of a call (9.3). A cursor counts only with the filters it was given for. */
export function cursorPage(call: Call, rows: readonly Json[]): Page {
  const given = header(call, 'x-pagination-size');
  if (given !== undefined && !/^[1-9]\d{0,5}$/.test(given)) throw refuse.badRequest('invalid page size');
  const size = Math.min(given === undefined ? DEFAULT_SIZE : Number(given), LARGEST_SIZE);
  const filters = filterHash(call);
  const start = startOf(header(call, 'x-pagination-cursor'), filters);
  const end = start + size;
  const headers: Record<string, string> = {};
  if (end < rows.length) headers['X-Pagination-Cursor-Next'] = Buffer.from(`${end}:${filters}`).toString('base64url');
  return { body: rows.slice(start, end), headers };
}

function startOf(cursor: string | undefined, filters: string): number {
  if (cursor === undefined) return 0;
  const [, offset, hash] = /^(\d{1,9}):([0-9a-f]{16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (offset === undefined || hash !== filters) throw refuse.badCursor();
  return Number(offset);
}

function filterHash(call: Call): string {
  const filters = [...call.query].map(([name, value]) => `${name}=${value}`).sort();
  return createHash('sha256')
    .update([call.path, ...filters].join('\n'))
    .digest('hex')
    .slice(0, 16);
}
