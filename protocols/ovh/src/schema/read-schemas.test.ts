import { describe, expect, test } from 'vitest';
import { RouteAdvice } from '../client/advice.ts';
import { SchemaError } from '../errors/errors.ts';
import type { Catalogue, RouteInfo } from './catalogue.ts';
import { generateMetadata } from './generate-metadata.ts';
import { readSchemas } from './read-schemas.ts';

const SERVERS = [{ url: 'https://eu.api.ovh.com/1.0' }];

function openApi(paths: object, schemas: object = {}, more: object = {}): Catalogue {
  return readSchemas([
    { name: 'x.json', text: JSON.stringify({ openapi: '3.0.0', servers: SERVERS, components: { schemas }, paths, ...more }) },
  ]);
}

function ovh(operation: object, models: object = {}, more: object = {}): Catalogue {
  const document = {
    basePath: 'https://eu.api.ovh.com/1.0',
    resourcePath: '/x',
    apis: [{ path: '/x/{id}', operations: [operation] }],
    models,
    ...more,
  };
  return readSchemas([{ name: 'x.json', text: JSON.stringify(document) }]);
}

function only({ routes }: Catalogue): RouteInfo {
  expect(routes).toHaveLength(1);
  return routes[0] as RouteInfo;
}

describe('OpenAPI', () => {
  test('an operation with all that OVHcloud says about it', () => {
    const operation = {
      summary: ' Options in use ',
      deprecated: true,
      'x-deprecation-date': '2013-10-23T00:00:00Z',
      'x-deletion-date': '2013-11-23T00:00:00Z',
      'x-replacement-route': '/1.0/x/option',
      'x-badges': [{ color: 'red', label: 'Deprecated, will be removed' }],
      'x-iam-actions': [{ name: 'x:apiovh:get', required: true }],
      'x-expanded-response': 'XThing',
      security: [{ oAuth2AuthCode: [] }],
      parameters: [
        { in: 'query', name: 'state', required: true, schema: { $ref: '#/components/schemas/x.StateEnum' } },
        { in: 'header', name: 'X-Pagination-Cursor', schema: { type: 'string' } },
        { in: 'cookie', name: 'c', schema: { type: 'string' } },
      ],
      responses: { 404: {}, 200: { content: { 'application/json': { schema: { type: 'array', items: { type: 'string' } } } } } },
    };
    const shared = [{ in: 'path', name: 'id', schema: { type: 'integer' } }];
    const schemas = { 'x.Thing': { type: 'object', properties: { a: {} } }, 'x.StateEnum': { type: 'string', enum: ['a', 'b'] } };
    expect(only(openApi({ '/x/{id}': { parameters: shared, get: operation, options: {} } }, schemas))).toEqual({
      method: 'GET',
      path: '/x/{id}',
      section: 'x',
      description: 'Options in use',
      status: 'deprecated',
      deprecation: { since: '2013-10-23', until: '2013-11-23', replacement: '/1.0/x/option' },
      noAuth: false,
      iamActions: ['x:apiovh:get'],
      expandsTo: 'x.Thing',
      paginated: true,
      parameters: [
        { name: 'id', in: 'path', required: true, type: { kind: 'scalar', name: 'integer' } },
        { name: 'state', in: 'query', required: true, type: { kind: 'model', name: 'x.StateEnum' } },
      ],
      response: { kind: 'array', of: { kind: 'scalar', name: 'string' } },
    });
  });

  test.each([
    ['nothing at all', {}, {}, true],
    ['the document demands it', {}, { security: [{ a: [] }] }, false],
    ['the operation lifts it', { security: [] }, { security: [{ a: [] }] }, true],
    ['the operation demands it', { security: [{ a: [] }] }, {}, false],
  ])('N15: who may call: %s', (_, operation, document, noAuth) => {
    expect(only(openApi({ '/x': { get: operation } }, {}, document)).noAuth).toBe(noAuth);
  });

  test.each([
    ['Stable production version', 'production'],
    ['Beta version', 'beta'],
    ['Alpha version', 'alpha'],
    ['Internal use only', 'internal'],
    ['Deprecated, will be removed', 'deprecated'],
    [undefined, 'production'],
  ])('the label %s is %s', (label, status) => {
    expect(only(openApi({ '/x': { get: { 'x-badges': [{ label }] } } })).status).toBe(status);
  });

  test('types: lists, maps, objects, enumerations, what may be null, and a format', () => {
    const schemas = {
      'a.Thing': {
        type: 'object',
        required: ['id'],
        properties: {
          id: { type: 'integer', readOnly: true },
          other: { allOf: [{ $ref: '#/components/schemas/a.Thing' }], nullable: true },
          map: { type: 'object', additionalProperties: { type: 'array', items: { type: 'boolean' } } },
          free: { type: 'object' },
          any: { description: 'anything' },
          secret: { type: 'array', items: { type: 'string', format: 'password' } },
          kind: { enum: ['a', 1, 'a', null, true] },
          both: { type: ['string', 'null'] },
          merged: { allOf: [{ $ref: '#/components/schemas/a.Small' }, { type: 'object', properties: { two: { type: 'number' } } }] },
          gone: { $ref: '#/components/schemas/a.Gone' },
        },
      },
      'a.Small': { properties: { one: { type: 'string' } } },
    };
    const { models } = openApi({}, schemas);
    const properties = models.get('a.Thing')?.type;
    expect(properties).toMatchObject({ kind: 'object' });
    const byName = Object.fromEntries(properties?.kind === 'object' ? properties.properties.map((one) => [one.name, one]) : []);
    expect(byName.id).toMatchObject({ required: true, readOnly: true, secret: false });
    expect(byName.other?.type).toEqual({ kind: 'nullable', of: { kind: 'model', name: 'a.Thing' } });
    expect(byName.map?.type).toEqual({ kind: 'map', of: { kind: 'array', of: { kind: 'scalar', name: 'boolean' } } });
    expect(byName.free?.type).toEqual({ kind: 'map', of: { kind: 'scalar', name: 'unknown' } });
    expect(byName.any?.type).toEqual({ kind: 'scalar', name: 'unknown' });
    expect(byName.secret?.secret).toBe(true);
    expect(byName.kind?.type).toEqual({ kind: 'nullable', of: { kind: 'enum', values: ['a', 1] } });
    expect(byName.both?.type).toEqual({ kind: 'nullable', of: { kind: 'scalar', name: 'string' } });
    expect(byName.merged?.type).toMatchObject({ kind: 'object', properties: [{ name: 'one' }, { name: 'two' }] });
    expect(byName.gone?.type).toEqual({ kind: 'scalar', name: 'unknown' });
  });

  test('a document of v2 has its paths below /v2, and its section likewise', () => {
    const catalogue = openApi({ '/iam/policy': { get: {} } }, {}, { servers: [{ url: 'https://eu.api.ovh.com/v2' }] });
    expect(only(catalogue)).toMatchObject({ path: '/v2/iam/policy', section: 'v2/x' });
  });

  test('an expansion that is only said to be there is what the route of an item gives', () => {
    const schemas = { 'vps.VPS': { properties: { name: { type: 'string' } } } };
    const answer = (schema: object) => ({ responses: { 200: { content: { 'application/json': { schema } } } } });
    const catalogue = openApi(
      {
        '/vps': { get: { ...answer({ type: 'array', items: { type: 'string' } }), 'x-expanded-response': true } },
        '/vps/{serviceName}': { get: answer({ $ref: '#/components/schemas/vps.VPS' }) },
      },
      schemas,
    );
    expect(catalogue.routes[0]?.expandsTo).toBe('vps.VPS');
  });
});

describe("OVHcloud's own form", () => {
  const parameter = (paramType: string, name: string | null, fullType: string, required: unknown) => ({
    paramType,
    name,
    fullType,
    required,
  });

  test.each([
    ['booleans', true, false],
    ['0 and 1', 1, 0],
  ])('an operation, with %s', (_, yes, no) => {
    const catalogue = ovh(
      {
        httpMethod: 'PUT',
        description: 'Change it',
        noAuthentication: no,
        responseType: 'void',
        apiStatus: { value: 'DEPRECATED', deprecatedDate: '2026-01-01T00:00:00+00:00', deletionDate: 'soon', replacement: '/y' },
        parameters: [
          parameter('path', 'id', 'long', yes),
          parameter('query', 'kind', 'x.KindEnum', no),
          parameter('header', 'X-Pagination-Cursor', 'string', no),
          parameter('body', 'name', 'string', yes),
          parameter('body', 'secret', 'password', no),
        ],
        iamActions: [{ name: 'x:apiovh:edit' }],
      },
      { 'x.KindEnum': { id: 'KindEnum', enum: ['a', 'b'], enumType: 'string' } },
    );
    expect(only(catalogue)).toEqual({
      method: 'PUT',
      path: '/x/{id}',
      section: 'x',
      description: 'Change it',
      status: 'deprecated',
      deprecation: { since: '2026-01-01', replacement: '/y' },
      noAuth: false,
      iamActions: ['x:apiovh:edit'],
      paginated: true,
      parameters: [
        { name: 'id', in: 'path', required: true, type: { kind: 'scalar', name: 'integer' } },
        { name: 'kind', in: 'query', required: false, type: { kind: 'model', name: 'x.KindEnum' } },
      ],
      body: {
        type: {
          kind: 'object',
          properties: [
            { name: 'name', type: { kind: 'scalar', name: 'string' }, required: true, readOnly: false, secret: false },
            {
              name: 'secret',
              type: { kind: 'scalar', name: 'string', format: 'password' },
              required: false,
              readOnly: false,
              secret: true,
            },
          ],
        },
        required: true,
      },
      response: { kind: 'scalar', name: 'null' },
    });
    expect(generateMetadata(catalogue)).toEqual({
      routes: { 'PUT /x/{id}': { deprecated: { since: '2026-01-01', replacement: '/y' }, iamActions: ['x:apiovh:edit'], paginated: true } },
      secrets: ['secret'],
    });
  });

  test('a parameter without a name is the whole body', () => {
    const catalogue = ovh(
      { httpMethod: 'POST', responseType: 'x.Thing', parameters: [parameter('body', null, 'x.Thing', 1)] },
      { 'x.Thing': { properties: { a: { type: 'datetime', canBeNull: 1, readOnly: 0 } } } },
    );
    expect(only(catalogue)).toMatchObject({ body: { type: { kind: 'model', name: 'x.Thing' }, required: true } });
    expect(catalogue.models.get('x.Thing')?.type).toMatchObject({
      properties: [{ name: 'a', type: { kind: 'nullable', of: { kind: 'scalar', name: 'string', format: 'date-time' } }, readOnly: false }],
    });
  });

  test.each([
    ['long', { kind: 'scalar', name: 'integer' }],
    ['double[]', { kind: 'array', of: { kind: 'scalar', name: 'number' } }],
    ['ipBlock', { kind: 'scalar', name: 'string', format: 'ipBlock' }],
    ['map[string]string', { kind: 'map', of: { kind: 'scalar', name: 'string' } }],
    ['map[string]x.Thing[]', { kind: 'map', of: { kind: 'array', of: { kind: 'model', name: 'x.Thing' } } }],
    ['x.Gone', { kind: 'scalar', name: 'unknown' }],
    ['any', { kind: 'scalar', name: 'unknown' }],
    ['complexType.UnitAndValue<long>', { kind: 'model', name: 'complexType.UnitAndValue_long' }],
    ['complexType.UnitAndValue<x.Thing>[]', { kind: 'array', of: { kind: 'model', name: 'complexType.UnitAndValue_x.Thing' } }],
    ['complexType.Range<map[string]long, x.Thing>', { kind: 'model', name: 'complexType.Range_map[string]long_x.Thing' }],
    ['complexType.Gone<long>', { kind: 'scalar', name: 'unknown' }],
  ])('the type %s', (responseType, type) => {
    const models = {
      'x.Thing': { properties: { a: { type: 'string' } } },
      'complexType.UnitAndValue': { generics: ['T'], properties: { unit: { type: 'string' }, value: { type: 'T' } } },
      'complexType.Range': { generics: ['A', 'B'], properties: { from: { type: 'A[]' }, to: { type: 'B' } } },
    };
    const catalogue = ovh({ httpMethod: 'GET', responseType }, models);
    expect(only(catalogue).response).toEqual(type);
    expect([...catalogue.models.keys()]).not.toContain('complexType.UnitAndValue');
    const instance = catalogue.models.get('complexType.UnitAndValue_long')?.type;
    if (responseType === 'complexType.UnitAndValue<long>')
      expect(instance).toMatchObject({ properties: [{}, { type: { name: 'integer' } }] });
  });
});

test('N13: a path without operations is no route', () => {
  const text = JSON.stringify({ apis: [{ path: '/x', operations: [] }, { path: '/y' }], models: {} });
  const catalogue = readSchemas([{ name: 'x.json', text }]);
  expect(catalogue.routes).toEqual([]);
  const warnings: string[] = [];
  const advice = new RouteAdvice(generateMetadata(catalogue), (message) => warnings.push(message));
  advice.look({ method: 'GET', path: '/x', authenticated: true });
  expect(warnings).toEqual(['GET /x is unknown: no schema has this path']);
});

describe('a document that cannot be used is refused by name', () => {
  const deep = (depth: number): object => (depth === 0 ? { type: 'string' } : { type: 'array', items: deep(depth - 1) });
  test.each<[string, string, RegExp]>([
    ['N17: no JSON', '<html>', /^x\.json: Unable to parse the schema: it is no JSON$/],
    ['no object', '[]', /no JSON object/],
    ['neither form', '{"swagger":"2.0"}', /neither OpenAPI nor/],
    ['paths are a list', '{"openapi":"3","paths":[]}', /paths is no object/],
    ['an operation is a text', '{"openapi":"3","paths":{"/x":{"get":"y"}}}', /GET \/x is no object/],
    ['a path with a line end', '{"openapi":"3","paths":{"/x\\ny":{"get":{}}}}', /the path "\/x\\ny" is none/],
    ['a path without slash', '{"openapi":"3","paths":{"x":{"get":{}}}}', /is none/],
    ['a reference elsewhere', '{"openapi":"3","components":{"schemas":{"a":{"$ref":"http://x/y"}}}}', /a refers to something outside/],
    ['a parameter without a name', '{"openapi":"3","paths":{"/x":{"get":{"parameters":[{"in":"query"}]}}}}', /a parameter has no name/],
    [
      'a name of 600 characters',
      JSON.stringify({ openapi: '3', components: { schemas: { ['a'.repeat(600)]: {} } } }),
      /more than 512 characters/,
    ],
    ['types 60 deep', JSON.stringify({ openapi: '3', components: { schemas: { a: deep(60) } } }), /nested more than 40 levels deep/],
    [
      'parts that contain themselves',
      '{"openapi":"3","components":{"schemas":{"a":{"allOf":[{"$ref":"#/components/schemas/a"},{"$ref":"#/components/schemas/a"}]}}}}',
      /or contains itself/,
    ],
    [
      'a type 60 lists deep',
      JSON.stringify({ apis: [{ path: '/x', operations: [{ httpMethod: 'GET', responseType: `long${'[]'.repeat(60)}` }] }], models: {} }),
      /nested more than 40/,
    ],
    [
      'a generic type that makes ever larger ones of itself',
      JSON.stringify({
        apis: [],
        models: { A: { generics: ['T'], properties: { a: { type: 'A<A<T>>' } } }, B: { properties: { a: { type: 'A<long>' } } } },
      }),
      /nested more than 40|too many instances|more than 512/,
    ],
    [
      'a parameter without a type',
      '{"apis":[{"path":"/x","operations":[{"httpMethod":"GET","parameters":[{"name":"a"}]}]}],"models":{}}',
      /the type of GET \/x: a has no name/,
    ],
  ])('%s', (_, text, message) => {
    expect(() => readSchemas([{ name: 'x.json', text }])).toThrow(message);
    expect(() => readSchemas([{ name: 'x.json', text }])).toThrow(SchemaError);
  });
});

test('documents have an order of their own: by name, and the first one counts', () => {
  const text = (summary: string) =>
    JSON.stringify({ openapi: '3', components: { schemas: {} }, paths: { '/x': { get: { summary } }, '/a': { put: {}, get: {} } } });
  const [one, two] = [
    { name: 'a.json', text: text('first') },
    { name: 'b.json', text: text('second') },
  ];
  const catalogue = readSchemas([two, one]);
  expect(catalogue).toEqual(readSchemas([one, two]));
  expect(catalogue.routes.map(({ method, path, description }) => [method, path, description])).toEqual([
    ['GET', '/a', ''],
    ['PUT', '/a', ''],
    ['GET', '/x', 'first'],
  ]);
  expect(catalogue.documents.map(({ name }) => name)).toEqual(['a.json', 'b.json']);
});
