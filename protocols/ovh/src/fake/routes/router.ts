import type { Route } from './route.ts';

interface Branch {
  readonly literal: Map<string, Branch>;
  variable: Branch | undefined;
  readonly routes: Map<string, Route>;
}

/** A route with the values of its variables. */
export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds routes by method and path; literal segments win over variables. */
export class Router {
  readonly routes: readonly Route[];
  readonly #root = emptyBranch();
  readonly #sections: ReadonlySet<string>;

  constructor(routes: readonly Route[]) {
    this.routes = routes;
    for (const route of routes) this.#place(route);
    this.#sections = new Set(routes.map((route) => sectionOf(route.path)));
  }

  /** Whether any route begins like this path (9.1 step 2). */
  knowsSection(path: string): boolean {
    return this.#sections.has(sectionOf(path));
  }

  find(method: string, path: string): Match | undefined {
    const segments = path.split('/').slice(1);
    const values: string[] = [];
    let branch = this.#root;
    for (const segment of segments) {
      const literal = branch.literal.get(segment);
      const next = literal ?? (segment === '' ? undefined : branch.variable);
      if (next === undefined) return undefined;
      if (literal === undefined) values.push(segment);
      branch = next;
    }
    const route = branch.routes.get(method);
    return route === undefined ? undefined : matched(route, values);
  }

  #place(route: Route): void {
    let branch = this.#root;
    for (const segment of route.path.split('/').slice(1)) branch = step(branch, segment);
    branch.routes.set(route.method, route);
  }
}

/** Names of the variables of a path. */
export function variablesOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
}

function emptyBranch(): Branch {
  return { literal: new Map(), variable: undefined, routes: new Map() };
}

function step(branch: Branch, segment: string): Branch {
  if (segment.startsWith('{')) {
    branch.variable ??= emptyBranch();
    return branch.variable;
  }
  const next = branch.literal.get(segment) ?? emptyBranch();
  branch.literal.set(segment, next);
  return next;
}

function matched(route: Route, values: readonly string[]): Match | undefined {
  const names = variablesOf(route.path);
  try {
    return { route, params: Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(values[at] ?? '')])) };
  } catch {
    return undefined;
  }
}

function sectionOf(path: string): string {
  const [, first = '', second = ''] = path.split('/');
  return first === 'v2' ? `v2/${second}` : first;
}
