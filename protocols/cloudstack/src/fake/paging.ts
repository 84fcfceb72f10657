import { invalid, serverApi } from './api-error.ts';
import type { ParamReader } from './param-reader.ts';

/** `default.page.size`. */
const MAX_PAGE_SIZE = 500;

/**
 * A page of a list: `{count, <key>: […]}`; `{}` when nothing matches, `{count}` past the end or for `retrieveonlyresourcecount`.
 * @throws ApiError 431 for half a page request or a page that is too large
 */
export function pageOf<T>(params: ParamReader, key: string, rows: readonly T[], view: (row: T) => object): object {
  const page = params.number('page');
  const pageSize = params.number('pagesize');
  checkPage(page, pageSize);
  if (rows.length === 0 || pageSize === 0) return {};
  if (params.flag('retrieveonlyresourcecount')) return { count: rows.length };
  const size = pageSize ?? MAX_PAGE_SIZE;
  const start = Math.max(0, ((page ?? 1) || 1) - 1) * size;
  const items = rows.slice(start, start + size);
  return items.length === 0 ? { count: rows.length } : { count: rows.length, [key]: items.map(view) };
}

function checkPage(page: number | undefined, pageSize: number | undefined): void {
  if (page !== undefined && pageSize === undefined) throw serverApi(431, '"pagesize" parameter is required when "page" is specified');
  if (page === undefined && pageSize !== undefined) throw serverApi(431, '"page" parameter is required when "pagesize" is specified');
  if (pageSize === -1) throw invalid("Can't specify page parameter when pagesize is -1 (Unlimited)");
  if (pageSize !== undefined && pageSize > MAX_PAGE_SIZE)
    throw invalid(`Page size can't exceed max allowed page size value: ${MAX_PAGE_SIZE}`);
}
