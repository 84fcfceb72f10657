import type { Catalogue, ModelInfo, RouteInfo, TypeRef } from './catalogue.ts';
import { compared } from './read-schemas.ts';

/** A route with what its types refer to. */
export interface FoundRoute {
  /** The template. */
  readonly path: string;
  /** Its operations, by method. */
  readonly operations: readonly RouteInfo[];
  /** Every model that they mention, also within models, by name. */
  readonly models: readonly ModelInfo[];
}

/**
 * The operations of a path: a template, with whatever names its variables have, or a concrete path such as `/vps/vps-1.ovh.net`. Of
 * several that fit, that with the fewest variables. Undefined where there is none.
 */
export function describeRoute(catalogue: Catalogue, path: string): FoundRoute | undefined {
  const wanted = segmentsOf(path);
  const [template] = [...new Set(catalogue.routes.map((route) => route.path))]
    .filter((candidate) => fits(segmentsOf(candidate), wanted))
    .toSorted((one, other) => rank(one, path) - rank(other, path) || compared(one, other));
  if (template === undefined) return undefined;
  const operations = catalogue.routes.filter((route) => route.path === template);
  return { path: template, operations, models: modelsOf(operations, catalogue) };
}

/** Operations whose method, path or description has each of the words; those whose path has them all come first. */
export function searchRoutes(catalogue: Catalogue, words: string): readonly RouteInfo[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (wanted.length === 0) return catalogue.routes;
  const has = (text: string) => wanted.every((word) => text.toLowerCase().includes(word));
  const found = catalogue.routes.filter(({ method, path, description }) => has(`${method} ${path} ${description}`));
  const { near = [], far = [] } = Object.groupBy(found, ({ method, path }) => (has(`${method} ${path}`) ? 'near' : 'far'));
  return [...near, ...far];
}

function segmentsOf(path: string): readonly string[] {
  const bare = path.replace(/\?.*$/s, '').replace(/^\/?/, '/');
  const local = bare.replace(/^\/(?:1\.0|v1)(?=\/)/, '');
  return (local.length > 1 ? local.replace(/\/$/, '') : local).split('/').slice(1);
}

function fits(template: readonly string[], wanted: readonly string[]): boolean {
  if (template.length !== wanted.length) return false;
  return template.every((segment, at) => (isVariable(segment) ? wanted[at] !== '' : segment === wanted[at]));
}

/** The very template, then few variables. */
function rank(template: string, path: string): number {
  return template === path ? -1 : segmentsOf(template).filter(isVariable).length;
}

function isVariable(segment: string): boolean {
  return segment.includes('{');
}

function modelsOf(operations: readonly RouteInfo[], { models }: Catalogue): readonly ModelInfo[] {
  const found = new Map<string, ModelInfo>();
  const types = operations.flatMap(({ parameters, body, response }) => [
    ...parameters.map(({ type }) => type),
    ...(body === undefined ? [] : [body.type]),
    response,
  ]);
  const waiting = types.flatMap(namesIn);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const model = models.get(name);
    if (model === undefined || found.has(name)) continue;
    found.set(name, model);
    waiting.push(...namesIn(model.type));
  }
  return [...found.values()].toSorted((one, other) => compared(one.name, other.name));
}

function namesIn(type: TypeRef): readonly string[] {
  if (type.kind === 'model') return [type.name];
  if (type.kind === 'object') return type.properties.flatMap((property) => namesIn(property.type));
  return type.kind === 'array' || type.kind === 'map' || type.kind === 'nullable' ? namesIn(type.of) : [];
}
