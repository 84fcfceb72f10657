import type { Catalogue, Deprecation, RouteInfo } from './catalogue.ts';

/** One operation whose interface is another one now; `changes` are sentences for people, in a stable order. */
export interface ChangedRoute {
  readonly method: RouteInfo['method'];
  readonly path: string;
  readonly changes: readonly string[];
}

/** What became of the operations from one catalogue to the next; each list by path, then by method. */
export interface SchemaDiff {
  readonly added: readonly Pick<RouteInfo, 'method' | 'path' | 'description'>[];
  readonly removed: readonly Pick<RouteInfo, 'method' | 'path' | 'description'>[];
  /** Those that were not deprecated before. */
  readonly deprecated: readonly (Pick<RouteInfo, 'method' | 'path'> & { readonly deprecation: Deprecation })[];
  readonly changed: readonly ChangedRoute[];
}

/** Compares two catalogues, as of two days. */
export function diffCatalogues(_before: Catalogue, _after: Catalogue): SchemaDiff {
  return { added: [], removed: [], deprecated: [], changed: [] };
}
