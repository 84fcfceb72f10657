import type { ModelProperty, RouteInfo, RouteParameter } from './catalogue.ts';
import { flag, type Members, optional, type Source } from './guard.ts';
import { isSecret } from './openapi-types.ts';
import { actionsOf, deprecationOf, isCursor, isV2, methodOf, sectionOf, statusOf, templateOf } from './operation.ts';
import { OvhTypes } from './ovh-types.ts';
import type { Read } from './read-openapi.ts';

/** A document of OVH's own form: `{ apis, models }` (spec 8.1). */
export function readOvhForm(document: Members, source: Source): Read {
  const types = new OvhTypes(source.members(document.models, 'models'), source);
  const v2 = isV2(document.basePath);
  const section = sectionOf(typeof document.resourcePath === 'string' ? document.resourcePath : source.name, v2);
  const routes = source.list(document.apis, 'apis').flatMap((api) => {
    const path = templateOf(source.nameOf(api.path, 'an API'), v2, source);
    return source.list(api.operations, `${path}: operations`).flatMap((operation) => {
      const method = methodOf(operation.httpMethod);
      return method === undefined ? [] : [operationOf({ method, path, section }, operation, { types, source })];
    });
  });
  return { routes, models: types.models() };
}

interface Reading {
  readonly types: OvhTypes;
  readonly source: Source;
}

/** A parameter with the places that a route has not: `body`. */
interface Given {
  readonly place: unknown;
  readonly name: string | undefined;
  readonly parameter: Omit<RouteParameter, 'in' | 'name'>;
}

function operationOf(place: Pick<RouteInfo, 'method' | 'path' | 'section'>, operation: Members, reading: Reading): RouteInfo {
  const { types, source } = reading;
  const where = `${place.method} ${place.path}`;
  const given = source.list(operation.parameters, `${where}: parameters`).map((parameter) => givenOf(parameter, where, reading));
  const api = source.members(operation.apiStatus, `${where}: apiStatus`);
  const status = statusOf(api.value);
  const body = bodyOf(given.filter((one) => one.place === 'body'));
  const answer = operation.responseFullType ?? operation.responseType;
  return {
    ...place,
    description: optional('text', operation.description).text ?? '',
    status,
    ...(status === 'deprecated' ? { deprecation: deprecationOf(api.deprecatedDate, api.deletionDate, api.replacement) } : {}),
    noAuth: flag(operation.noAuthentication),
    iamActions: actionsOf(operation.iamActions, source),
    paginated: given.some((one) => one.place === 'header' && isCursor(one.name ?? '')),
    parameters: given.flatMap(parameterOf),
    ...(body === undefined ? {} : { body }),
    response: answer === undefined || answer === null ? { kind: 'scalar', name: 'null' } : types.typeOf(answer, `${where}: the response`),
  };
}

function givenOf(parameter: Members, where: string, { types, source }: Reading): Given {
  const name = typeof parameter.name === 'string' && parameter.name !== '' ? source.nameOf(parameter.name, where) : undefined;
  const type = types.typeOf(parameter.fullType ?? parameter.dataType, `${where}: ${name ?? 'the body'}`);
  const about = optional('description', parameter.description);
  return { place: parameter.paramType, name, parameter: { type, required: flag(parameter.required), ...about } };
}

function parameterOf({ place, name, parameter }: Given): RouteParameter[] {
  if (name === undefined || (place !== 'path' && place !== 'query' && place !== 'header')) return [];
  if (place === 'header' && /^x-pagination-/i.test(name)) return [];
  return [{ ...parameter, name, in: place, required: place === 'path' || parameter.required }];
}

/** A parameter without a name is the whole body; those with names are its members. */
function bodyOf(given: readonly Given[]): RouteInfo['body'] {
  const whole = given.find((one) => one.name === undefined);
  if (whole !== undefined) return { type: whole.parameter.type, required: whole.parameter.required };
  if (given.length === 0) return undefined;
  const properties = given.map(({ name = '', parameter }): ModelProperty => {
    const { type, required, description } = parameter;
    return { name, type, required, readOnly: false, secret: isSecret(type), ...optional('description', description) };
  });
  return { type: { kind: 'object', properties }, required: properties.some(({ required }) => required) };
}
