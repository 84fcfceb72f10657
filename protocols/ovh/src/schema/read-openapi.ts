import type { ModelInfo, RouteInfo, RouteParameter } from './catalogue.ts';
import { flag, type Members, optional, type Source } from './guard.ts';
import { OpenApiTypes } from './openapi-types.ts';
import { actionsOf, deprecationOf, isCursor, isV2, methodOf, sectionOf, statusOf, templateOf } from './operation.ts';

export interface Read {
  readonly routes: readonly RouteInfo[];
  readonly models: readonly ModelInfo[];
}

/** A document of the form OpenAPI 3, with OVH's extensions (spec 8.1). */
export function readOpenApi(document: Members, source: Source): Read {
  const types = new OpenApiTypes(source.members(source.members(document.components, 'components').schemas, 'components.schemas'), source);
  const v2 = isV2(source.list(document.servers, 'servers')[0]?.url);
  const section = sectionOf(source.name, v2);
  const routes: RouteInfo[] = [];
  for (const [path, item] of Object.entries(source.members(document.paths, 'paths'))) {
    const template = templateOf(path, v2, source);
    const operations = source.members(item, path);
    const shared = source.list(operations.parameters, `${path}: parameters`);
    for (const [word, value] of Object.entries(operations)) {
      const method = methodOf(word);
      if (method === undefined) continue;
      const open = isOpen(document);
      routes.push(operationOf({ method, path: template, section }, { value, shared, open }, { types, source }));
    }
  }
  return { routes, models: types.models() };
}

type Place = Pick<RouteInfo, 'method' | 'path' | 'section'>;

interface Described {
  readonly value: unknown;
  /** Parameters of every operation of the path. */
  readonly shared: readonly Members[];
  /** The document demands nothing where the operation says nothing. */
  readonly open: boolean;
}

function operationOf(place: Place, { value, shared, open }: Described, { types, source }: Reading): RouteInfo {
  const where = `${place.method} ${place.path}`;
  const operation = source.members(value, where);
  const given = [...shared, ...source.list(operation.parameters, `${where}: parameters`)];
  const parameters = given.flatMap((parameter) => parameterOf(parameter, where, { types, source }));
  const badge = source.list(operation['x-badges'], `${where}: x-badges`)[0]?.label;
  const status = flag(operation.deprecated) ? 'deprecated' : statusOf(badge);
  const { 'x-deprecation-date': since, 'x-deletion-date': until, 'x-replacement-route': replacement } = operation;
  const expanded = operation['x-expanded-response'];
  const body = bodyOf(operation.requestBody, where, { types, source });
  return {
    ...place,
    description: optional('text', operation.summary ?? operation.description).text ?? '',
    status,
    ...(status === 'deprecated' ? { deprecation: deprecationOf(since, until, replacement) } : {}),
    noAuth: operation.security === undefined ? open : Array.isArray(operation.security) && operation.security.length === 0,
    iamActions: actionsOf(operation['x-iam-actions'], source),
    ...(typeof expanded === 'string' || expanded === true ? { expandsTo: String(expanded) } : {}),
    paginated: parameters.some(({ in: place, name }) => place === 'header' && isCursor(name)),
    parameters: parameters.filter(({ in: place, name }) => place !== 'header' || !/^x-pagination-/i.test(name)),
    ...(body === undefined ? {} : { body }),
    response: responseOf(operation.responses, where, { types, source }),
  };
}

interface Reading {
  readonly types: OpenApiTypes;
  readonly source: Source;
}

function isOpen({ security }: Members): boolean {
  return security === undefined || (Array.isArray(security) && security.length === 0);
}

function parameterOf(parameter: Members, where: string, { types, source }: Reading): RouteParameter[] {
  const place = parameter.in;
  if (place !== 'path' && place !== 'query' && place !== 'header') return [];
  const name = source.nameOf(parameter.name, `${where}: a parameter`);
  const type = types.typeOf(parameter.schema ?? {}, `${where}: ${name}`);
  return [
    { name, in: place, required: place === 'path' || flag(parameter.required), type, ...optional('description', parameter.description) },
  ];
}

function bodyOf(value: unknown, where: string, { types, source }: Reading): RouteInfo['body'] {
  if (value === undefined || value === null) return undefined;
  const body = source.members(value, `${where}: requestBody`);
  const schema = jsonOf(body.content, where, source);
  return schema === undefined ? undefined : { type: types.typeOf(schema, `${where}: the body`), required: flag(body.required) };
}

/** Of the first success that is described; an answer without a body is `null`, as the client gives it. */
function responseOf(value: unknown, where: string, { types, source }: Reading): RouteInfo['response'] {
  const responses = source.members(value, `${where}: responses`);
  const success = Object.keys(responses)
    .filter((status) => /^2/.test(status))
    .sort()[0];
  const schema = success === undefined ? undefined : jsonOf(source.members(responses[success], where).content, where, source);
  return schema === undefined ? { kind: 'scalar', name: 'null' } : types.typeOf(schema, `${where}: the response`);
}

function jsonOf(content: unknown, where: string, source: Source): unknown {
  return source.members(source.members(content, `${where}: content`)['application/json'], `${where}: content`).schema;
}
