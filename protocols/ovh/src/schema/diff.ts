import type { Catalogue, Deprecation, RouteInfo, RouteParameter, TypeRef } from './catalogue.ts';

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

/** Compares two catalogues, as of two days. Descriptions do not count; of models only those that an operation names itself do. */
export function diffCatalogues(before: Catalogue, after: Catalogue): SchemaDiff {
  const old = byKey(before);
  const now = byKey(after);
  const kept = after.routes.flatMap((route) => {
    const previous = old.get(keyOf(route));
    return previous === undefined ? [] : [[previous, route] as const];
  });
  return {
    added: after.routes.filter((route) => !old.has(keyOf(route))).map(named),
    removed: before.routes.filter((route) => !now.has(keyOf(route))).map(named),
    deprecated: kept
      .filter(([previous, route]) => route.status === 'deprecated' && previous.status !== 'deprecated')
      .map(([, { method, path, deprecation = {} }]) => ({ method, path, deprecation })),
    changed: kept
      .map(([previous, route]) => ({ method: route.method, path: route.path, changes: changesOf({ before, previous }, { after, route }) }))
      .filter(({ changes }) => changes.length > 0),
  };
}

function byKey({ routes }: Catalogue): ReadonlyMap<string, RouteInfo> {
  return new Map(routes.map((route) => [keyOf(route), route]));
}

function keyOf({ method, path }: RouteInfo): string {
  return `${method} ${path}`;
}

function named({ method, path, description }: RouteInfo): Pick<RouteInfo, 'method' | 'path' | 'description'> {
  return { method, path, description };
}

interface Before {
  readonly before: Catalogue;
  readonly previous: RouteInfo;
}
interface After {
  readonly after: Catalogue;
  readonly route: RouteInfo;
}

function changesOf({ before, previous }: Before, { after, route }: After): readonly string[] {
  const status =
    previous.status === route.status || route.status === 'deprecated' ? [] : [`is ${route.status} now, was ${previous.status}`];
  const access = previous.noAuth === route.noAuth ? [] : [route.noAuth ? 'may be called by anybody now' : 'needs an identity now'];
  return [
    ...status,
    ...access,
    ...parameterChanges(previous.parameters, route.parameters),
    ...bodyChanges(previous, route),
    ...typeChange('response', [previous.response, before], [route.response, after]),
    ...listChange('IAM actions', previous.iamActions, route.iamActions),
  ];
}

function parameterChanges(previous: readonly RouteParameter[], next: readonly RouteParameter[]): string[] {
  const label = ({ in: place, name }: RouteParameter) => `${place} parameter ${name}`;
  const old = new Map(previous.map((parameter) => [label(parameter), parameter]));
  const now = new Map(next.map((parameter) => [label(parameter), parameter]));
  const gone = [...old.keys()].filter((key) => !now.has(key)).map((key) => `${key} is gone`);
  const changed = [...now].flatMap(([key, parameter]) => {
    const was = old.get(key);
    const need = parameter.required ? 'required' : 'optional';
    if (was === undefined) return [`${key} is new (${need})`];
    const other =
      typeWord(was.type) === typeWord(parameter.type) ? [] : [`${key} is ${typeWord(parameter.type)}, was ${typeWord(was.type)}`];
    return was.required === parameter.required ? other : [...other, `${key} is ${need} now`];
  });
  return [...gone, ...changed];
}

function bodyChanges({ body: was }: RouteInfo, { body }: RouteInfo): string[] {
  if (was === undefined) return body === undefined ? [] : ['has a body now'];
  if (body === undefined) return ['has no body any more'];
  const other = typeWord(was.type) === typeWord(body.type) ? [] : [`the body is ${typeWord(body.type)}, was ${typeWord(was.type)}`];
  return was.required === body.required ? other : [...other, `the body is ${body.required ? 'required' : 'optional'} now`];
}

/** Also of the members of a model that the response is, or has in a list: those are what programs read. */
function typeChange(what: string, [was, before]: Typed, [is, after]: Typed): string[] {
  if (typeWord(was) !== typeWord(is)) return [`the ${what} is ${typeWord(is)}, was ${typeWord(was)}`];
  const old = memberWords(was, before);
  const now = memberWords(is, after);
  const gone = [...old.keys()].filter((name) => !now.has(name)).map((name) => `the ${what} has no member ${name} any more`);
  const changed = [...now].flatMap(([name, word]) => {
    const previous = old.get(name);
    if (previous === undefined) return [`the ${what} has a new member ${name}`];
    return previous === word ? [] : [`the ${what}'s member ${name} is ${word}, was ${previous}`];
  });
  return [...gone, ...changed];
}
type Typed = readonly [TypeRef, Catalogue];

function memberWords(type: TypeRef, { models }: Catalogue): ReadonlyMap<string, string> {
  const bare = type.kind === 'array' || type.kind === 'nullable' ? type.of : type;
  const model = bare.kind === 'model' ? models.get(bare.name)?.type : bare;
  return new Map(model?.kind === 'object' ? model.properties.map(({ name, type: member }) => [name, typeWord(member)]) : []);
}

function listChange(what: string, previous: readonly string[], next: readonly string[]): string[] {
  const [was, is] = [previous.toSorted().join(', '), next.toSorted().join(', ')];
  return was === is ? [] : [`the ${what} are ${is || 'none'}, were ${was || 'none'}`];
}

/** A type in a few letters, as OVHcloud writes it: `vps.VPS[]`, `map[string]string`, `string?`. */
export function typeWord(type: TypeRef): string {
  switch (type.kind) {
    case 'scalar':
      return type.format === undefined ? type.name : `${type.name} (${type.format})`;
    case 'enum':
      return type.values.join('|');
    case 'array':
      return `${typeWord(type.of)}[]`;
    case 'map':
      return `map[string]${typeWord(type.of)}`;
    case 'object':
      return `{ ${type.properties.map(({ name, type: member, required }) => `${name}${required ? '' : '?'}: ${typeWord(member)}`).join(', ')} }`;
    case 'model':
      return type.name;
    case 'nullable':
      return `${typeWord(type.of)}?`;
  }
}
