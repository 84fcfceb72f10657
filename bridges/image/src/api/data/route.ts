export type RouteName = 'extents' | 'flush' | 'image' | 'info';

export interface Route {
  readonly name: RouteName;
  /** Empty when the path has none. */
  readonly id: string;
}

export interface Target {
  /** Percent-decoded. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly route?: Route;
}

interface Pattern {
  readonly name: RouteName;
  readonly form: RegExp;
}

/** In the order in which they are tried (imageio 2.1). */
const patterns: readonly Pattern[] = [
  { name: 'extents', form: /^\/images\/(.*)\/extents$/s },
  { name: 'flush', form: /^\/images\/(.*)\/flush$/s },
  { name: 'image', form: /^\/images\/(.*)$/s },
  { name: 'info', form: /^\/info\/$/ },
];

/** What the real daemon computes on request; ours does not (2.3 allows to leave the feature out). */
const CHECKSUM = /^\/images\/.*\/checksum(\/algorithms)?$/s;

/** Verbs that a server of this API knows at all. */
export const METHODS: readonly string[] = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'HEAD'];

/** Takes a request target apart: the query first, then the path is decoded and looked up (imageio 2.1). */
export function parseTarget(target: string): Target {
  const mark = target.indexOf('?');
  const path = decodePath(mark < 0 ? target : target.slice(0, mark));
  const query = new Map(new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)));
  const route = CHECKSUM.test(path) ? undefined : find(path);
  return { path, query, ...(route && { route }) };
}

function find(path: string): Route | undefined {
  for (const { name, form } of patterns) {
    const match = form.exec(path);
    if (match) return { name, id: match[1] ?? '' };
  }
  return undefined;
}

/** What is no percent-encoded UTF-8 stays as it was written: it names nothing that exists. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
