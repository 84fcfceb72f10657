import { collectionOf, type TypeName } from '@fairlead/ovirt/codec';
import type { Method, Route } from './route.ts';

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | undefined;
  readonly routes: Map<Method, { readonly route: Route; readonly names: readonly string[] }>;
}

/** What a path leads to. */
export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'other-methods'; readonly allow: readonly string[] }
  /** A collection that oVirt has and we do not: it answers empty once its parent is known to exist (ovirt 4). */
  | { readonly kind: 'empty'; readonly type: TypeName; readonly parent: readonly string[] }
  | { readonly kind: 'nothing' };

/** Finds the route of a path: names of collections without regard to case, parameters as they are. */
export class RouteTable {
  readonly #root = newNode();

  constructor(routes: readonly Route[]) {
    for (const route of routes) this.#add(route);
  }

  /** @param segments decoded, without empty ones */
  match(method: string, segments: readonly string[]): Match {
    const found = walk(this.#root, segments, 0, []);
    if (found !== undefined) return choose(found.node, method, found.values);
    const collection = segments.length % 2 === 1 ? collectionOf(segments.at(-1) ?? '', segments.at(-3)) : undefined;
    if (collection === undefined) return { kind: 'nothing' };
    if (method !== 'GET' && method !== 'HEAD') return { kind: 'other-methods', allow: ['GET', 'HEAD'] };
    return { kind: 'empty', type: collection.type, parent: segments.slice(0, -1) };
  }

  #add(route: Route): void {
    const names: string[] = [];
    let node = this.#root;
    for (const segment of route.path.split('/').filter((part) => part !== '')) {
      if (segment.startsWith(':')) {
        names.push(segment.slice(1));
        node.parameter ??= newNode();
        node = node.parameter;
      } else {
        const next = node.literals.get(segment) ?? newNode();
        node.literals.set(segment, next);
        node = next;
      }
    }
    if (node.routes.has(route.method)) throw new TypeError(`two routes for ${route.method} ${route.path}`);
    node.routes.set(route.method, { route, names });
  }
}

interface Found {
  readonly node: Node;
  readonly values: readonly string[];
}

/** A literal is preferred; where it leads to nothing the parameter is tried. */
function walk(node: Node, segments: readonly string[], at: number, values: readonly string[]): Found | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.routes.size > 0 ? { node, values } : undefined;
  const literal = node.literals.get(segment.toLowerCase());
  const found = literal && walk(literal, segments, at + 1, values);
  if (found !== undefined || node.parameter === undefined) return found;
  return walk(node.parameter, segments, at + 1, [...values, segment]);
}

function choose(node: Node, method: string, values: readonly string[]): Match {
  const asked = method === 'HEAD' && !node.routes.has('HEAD') ? 'GET' : method;
  const entry = node.routes.get(asked as Method);
  if (entry === undefined) return { kind: 'other-methods', allow: methodsOf(node) };
  return { kind: 'route', route: entry.route, params: Object.fromEntries(entry.names.map((name, index) => [name, values[index] ?? ''])) };
}

function methodsOf(node: Node): readonly string[] {
  const methods = [...node.routes.keys()];
  return methods.includes('GET') && !methods.includes('HEAD') ? [...methods, 'HEAD'] : methods;
}

function newNode(): Node {
  return { literals: new Map(), parameter: undefined, routes: new Map() };
}
