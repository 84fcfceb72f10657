import type { RouteFacts, RouteMetadata } from '../client/metadata.ts';
import type { Catalogue, ModelProperty, RouteInfo, TypeRef } from './catalogue.ts';

/** What a client may know about its routes at run time: see ClientOptions.metadata. */
export function generateMetadata(catalogue: Catalogue): RouteMetadata {
  const routes = catalogue.routes.map((route) => [`${route.method} ${route.path}`, factsOf(route)] as const);
  return { routes: Object.fromEntries(routes), secrets: secretsOf(catalogue) };
}

function factsOf({ status, deprecation, iamActions, expandsTo, paginated, noAuth }: RouteInfo): RouteFacts {
  return {
    ...(status === 'deprecated' ? { deprecated: deprecation ?? {} } : {}),
    ...(iamActions.length === 0 ? {} : { iamActions }),
    ...(expandsTo === undefined ? {} : { expandable: true }),
    ...(paginated ? { paginated: true } : {}),
    ...(noAuth ? { noAuth: true } : {}),
  };
}

/** Names of all members of the format `password`, also of bodies that are no models. */
function secretsOf({ models, routes }: Catalogue): readonly string[] {
  const names = new Set<string>();
  const types = [...models.values()].map(({ type }) => type);
  for (const { body, response } of routes) types.push(response, ...(body === undefined ? [] : [body.type]));
  for (const type of types) for (const { name, secret } of membersIn(type)) if (secret) names.add(name);
  return [...names].sort();
}

function* membersIn(type: TypeRef): Generator<ModelProperty> {
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'nullable') yield* membersIn(type.of);
  if (type.kind !== 'object') return;
  for (const property of type.properties) {
    yield property;
    yield* membersIn(property.type);
  }
}
