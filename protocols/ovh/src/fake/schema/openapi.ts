import type { Json, Row } from '../json.ts';
import { iamActionOf } from '../routes/iam-action.ts';
import { bareType } from '../routes/parameters.ts';
import type { Route } from '../routes/route.ts';
import { variablesOf } from '../routes/router.ts';
import type { State } from '../world/state.ts';
import { modelsOf, samplesOf } from './models.ts';

const FORMATS: Readonly<Record<string, Row>> = {
  long: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  boolean: { type: 'boolean' },
  datetime: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  map: { type: 'object', additionalProperties: { type: 'array', items: { type: 'object' } } },
  'map[string]string': { type: 'object', additionalProperties: { type: 'string' } },
};

/** `GET /1.0/vps.json?format=openapi3` (8.1). */
export function openApiDocument(section: string, routes: readonly Route[], base: string, state: State): Json {
  const known = schemasOf(routes, state);
  const paths: Row = {};
  for (const [path, operations] of Map.groupBy(routes, (route) => route.path)) {
    paths[path] = Object.fromEntries(operations.map((route) => [route.method.toLowerCase(), operationOf(route, known)]));
  }
  return {
    openapi: '3.0.0',
    info: { title: `OVHcloud API ${section}`, version: '1.0' },
    servers: [{ url: base }],
    paths,
    components: { schemas: known, securitySchemes: { oAuth2AuthCode: { type: 'http', scheme: 'bearer' } } },
  };
}

function schemasOf(routes: readonly Route[], state: State): Row {
  const samples = samplesOf(state);
  const models = new Map<string, Readonly<Record<string, { type: string; nullable: boolean }>>>();
  for (const name of new Set(routes.map((route) => bareType(route.answer)))) {
    const sample = samples.get(name);
    if (sample !== undefined) for (const [id, members] of modelsOf(name, sample)) models.set(id, members);
  }
  const names: Row = Object.fromEntries([...models.keys()].map((name) => [name, {}]));
  const schemas: Row = {};
  for (const [name, members] of models) {
    const properties = Object.entries(members).map(([member, { type, nullable }]): [string, Row] => [
      member,
      { ...schemaOf(type, names), ...(nullable ? { nullable: true } : {}), readOnly: true },
    ]);
    schemas[name] = { type: 'object', properties: Object.fromEntries(properties) };
  }
  return schemas;
}

function schemaOf(type: string, known: Row): Row {
  const plain = type.replace('?', '');
  if (plain.endsWith('[]')) return { type: 'array', items: schemaOf(plain.slice(0, -2), known) };
  if (Object.hasOwn(known, plain)) return { $ref: `#/components/schemas/${plain}` };
  return FORMATS[plain] ?? { type: plain.includes('.') ? 'object' : 'string' };
}

function operationOf(route: Route, known: Row): Row {
  const parameters = [
    ...variablesOf(route.path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(route.query ?? {}).map(([name, type]) => ({
      name,
      in: 'query',
      required: !type.endsWith('?'),
      schema: schemaOf(type, known),
    })),
    ...(route.paged === true
      ? ['X-Pagination-Size', 'X-Pagination-Cursor'].map((name) => ({ name, in: 'header', schema: { type: 'string' } }))
      : []),
  ];
  const content = route.answer === 'void' ? {} : { content: { 'application/json': { schema: schemaOf(route.answer, known) } } };
  return {
    summary: route.summary,
    parameters,
    ...(route.body === undefined ? {} : { requestBody: bodyOf(route.body, known) }),
    responses: { 200: { description: 'return value', ...content } },
    ...(route.access === undefined ? { security: [{ oAuth2AuthCode: ['all'] }] } : {}),
    ...statusOf(route),
    ...(route.access === undefined ? { 'x-iam-actions': [{ name: iamActionOf(route), required: true }] } : {}),
    ...(route.expand === undefined ? {} : { 'x-expanded-response': true }),
  };
}

function statusOf({ deprecated }: Route): Row {
  if (deprecated === undefined) return { 'x-badges': [{ color: 'green', label: 'Stable production version' }] };
  const { since, until, replacement } = deprecated;
  return {
    deprecated: true,
    'x-badges': [{ color: 'red', label: 'Deprecated, will be removed' }],
    'x-deprecation-date': since,
    'x-deletion-date': until,
    'x-replacement-route': replacement,
  };
}

function bodyOf(types: Readonly<Record<string, string>>, known: Row): Row {
  const properties = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, schemaOf(type, known)]));
  const required = Object.entries(types).flatMap(([name, type]) => (type.endsWith('?') ? [] : [name]));
  return {
    content: { 'application/json': { schema: { type: 'object', properties, ...(required.length === 0 ? {} : { required }) } } },
    required: true,
  };
}
