import type { RouteInfo, TypeRef } from './catalogue.ts';

/** Lists of ids with the one route that gives what an id stands for: `GET /vps` with `GET /vps/{serviceName}`. */
export function itemRoutes(routes: readonly RouteInfo[]): ReadonlyMap<RouteInfo, RouteInfo> {
  const below = new Map<string, RouteInfo[]>();
  for (const route of routes) {
    const list = route.method === 'GET' ? /^(.+)\/\{[^{}/]+\}$/.exec(route.path)?.[1] : undefined;
    if (list !== undefined) below.set(list, [...(below.get(list) ?? []), route]);
  }
  const items = new Map<RouteInfo, RouteInfo>();
  for (const route of routes) {
    const [item, ...others] = below.get(route.path) ?? [];
    if (route.method === 'GET' && isIds(route.response) && item !== undefined && others.length === 0) items.set(route, item);
  }
  return items;
}

function isIds(type: TypeRef): boolean {
  return type.kind === 'array' && (type.of.kind === 'scalar' || type.of.kind === 'enum' || type.of.kind === 'model');
}
