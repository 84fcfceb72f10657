import type { RouteFacts, RouteMetadata } from './metadata.ts';

/** One template, by method. */
interface Node {
  readonly literals: Map<string, Node>;
  variable: Node | undefined;
  readonly routes: Map<string, Found>;
}

interface Found {
  readonly template: string;
  readonly facts: RouteFacts;
}

/** One call, before anything is done about it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** It goes out with an identity. */
  readonly authenticated: boolean;
}

/** Metadata of a universe is large, and many clients have the same. */
const trees = new WeakMap<RouteMetadata, Node>();
const MOST_WARNINGS = 10_000;

/** Knows what the schemas say about a call, and warns about each route once (spec 2 row 58). */
export class RouteAdvice {
  readonly #metadata: RouteMetadata;
  readonly #warn: (message: string) => void;
  readonly #warned = new Set<string>();

  constructor(metadata: RouteMetadata, warn: (message: string) => void) {
    this.#metadata = metadata;
    this.#warn = warn;
  }

  /** The facts about a call by template or by path. */
  factsOf(method: string, path: string): RouteFacts | undefined {
    return this.#nodeOf(path)?.routes.get(method.toUpperCase())?.facts;
  }

  look({ method, path, authenticated }: Asked): void {
    const verb = method.toUpperCase();
    const bare = bareOf(path);
    const node = this.#nodeOf(path);
    const found = node?.routes.get(verb);
    if (node === undefined) this.#once(`${verb} ${bare}`, `${verb} ${bare} is unknown: no schema has this path`);
    else if (found === undefined) this.#once(`${verb} ${bare}`, `${bare} has no method ${verb}, but ${[...node.routes.keys()].join(', ')}`);
    else this.#about(`${verb} ${found.template}`, found.facts, authenticated);
  }

  #about(route: string, { deprecated, noAuth }: RouteFacts, authenticated: boolean): void {
    if (deprecated !== undefined) {
      const { since, until, replacement } = deprecated;
      const dates = [since === undefined ? '' : ` since ${since}`, until === undefined ? '' : `, to be removed on ${until}`].join('');
      this.#once(`old ${route}`, `${route} is tagged DEPRECATED${dates}${replacement === undefined ? '' : `; use ${replacement}`}`);
    }
    if (noAuth !== true && !authenticated)
      this.#once(`key ${route}`, `${route} needs a consumer key or another identity, but is called without`);
  }

  #nodeOf(path: string): Node | undefined {
    const tree = trees.get(this.#metadata) ?? treeOf(this.#metadata);
    trees.set(this.#metadata, tree);
    return matching(tree, bareOf(path).split('/'), 1);
  }

  #once(key: string, message: string): void {
    if (this.#warned.has(key) || this.#warned.size >= MOST_WARNINGS) return;
    this.#warned.add(key);
    this.#warn(message);
  }
}

/** Templates of v1 stand without their branch, those of v2 with it. */
function bareOf(path: string): string {
  const local = path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  const bare = `/${local.replace(/^\/+/, '')}`.replace(/^\/(?:1\.0|v1)(?=\/|$)/, '');
  return bare.length > 1 ? bare.replace(/\/$/, '') : bare;
}

function treeOf(metadata: RouteMetadata): Node {
  const root = emptyNode();
  for (const [route, facts] of Object.entries(metadata.routes)) {
    const at = route.indexOf(' ');
    const template = route.slice(at + 1);
    let node = root;
    for (const segment of template.split('/').slice(1)) node = childOf(node, segment);
    node.routes.set(route.slice(0, at), { template, facts });
  }
  return root;
}

function emptyNode(): Node {
  return { literals: new Map(), variable: undefined, routes: new Map() };
}

function childOf(node: Node, segment: string): Node {
  if (isVariable(segment)) {
    node.variable ??= emptyNode();
    return node.variable;
  }
  const child = node.literals.get(segment) ?? emptyNode();
  node.literals.set(segment, child);
  return child;
}

/** A literal comes before a variable, as in the API itself; a variable of the caller's template is never a literal. */
function matching(node: Node, segments: readonly string[], at: number): Node | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.routes.size > 0 ? node : undefined;
  const literal = node.literals.get(segment);
  const found = literal === undefined ? undefined : matching(literal, segments, at + 1);
  if (found !== undefined || node.variable === undefined || segment === '') return found;
  return matching(node.variable, segments, at + 1);
}

function isVariable(segment: string): boolean {
  return segment.includes('{') && segment.includes('}');
}
