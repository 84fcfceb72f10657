import { describe, expect, test } from 'vitest';
import type { Catalogue } from './catalogue.ts';
import { describeRoute, searchRoutes } from './describe.ts';
import { diffCatalogues, typeWord } from './diff.ts';
import { readSchemas } from './read-schemas.ts';

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const answer = (schema: object) => ({ responses: { 200: { content: { 'application/json': { schema } } } } });

function catalogue(paths: object, schemas: object = {}): Catalogue {
  return readSchemas([{ name: 'x.json', text: JSON.stringify({ openapi: '3', components: { schemas }, paths }) }]);
}

const VPS = catalogue(
  {
    '/vps': { get: { summary: 'Machines of the account' } },
    '/vps/{serviceName}': { get: answer(reference('vps.VPS')), put: {} },
    '/vps/datacenter': { get: { summary: 'Where they are' } },
    '/vps/{serviceName}/reboot': { post: { summary: 'Start again' } },
  },
  {
    'vps.VPS': { properties: { model: reference('vps.Model'), parent: reference('vps.VPS') } },
    'vps.Model': { properties: { name: { type: 'string' } } },
    'vps.Other': { properties: { name: { type: 'string' } } },
  },
);

describe('describeRoute', () => {
  test.each([
    ['/vps/{serviceName}', '/vps/{serviceName}'],
    ['/vps/{other}', '/vps/{serviceName}'],
    ['/vps/vps-1.ovh.net', '/vps/{serviceName}'],
    ['/1.0/vps/vps-1/', '/vps/{serviceName}'],
    ['vps/vps-1?x=1', '/vps/{serviceName}'],
    ['/vps/datacenter', '/vps/datacenter'],
    ['/vps/x/reboot', '/vps/{serviceName}/reboot'],
    ['/vps/x/start', undefined],
    ['/vps//reboot', undefined],
    ['/v2/vps', undefined],
    ['', undefined],
  ])('%s is %s', (path, template) => {
    expect(describeRoute(VPS, path)?.path).toBe(template);
  });

  test('has the operations, and all models that they lead to', () => {
    const found = describeRoute(VPS, '/vps/{serviceName}');
    expect(found?.operations.map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(found?.models.map(({ name }) => name)).toEqual(['vps.Model', 'vps.VPS']);
  });
});

test('searchRoutes wants each word; what has them in its path comes first', () => {
  const found = (words: string) => searchRoutes(VPS, words).map(({ method, path }) => `${method} ${path}`);
  expect(found('  POST  VPS ')).toEqual(['POST /vps/{serviceName}/reboot']);
  expect(found('datacenter')).toEqual(['GET /vps/datacenter']);
  expect(found('start')).toEqual(['POST /vps/{serviceName}/reboot']);
  // `ac` is in the path of the one, and in the description of the other: Machines.
  expect(found('get ac')).toEqual(['GET /vps/datacenter', 'GET /vps']);
  expect(found('meh')).toEqual([]);
  expect(found('')).toHaveLength(5);
});

describe('diffCatalogues', () => {
  test('tells what came, went, was deprecated and changed', () => {
    const parameter = (name: string, schema: object, required = false) => ({ in: 'query', name, required, schema });
    const old = catalogue(
      {
        '/gone': { get: { summary: 'Was here' } },
        '/old': { get: {} },
        '/same': { get: { summary: 'one text', ...answer(reference('M')) } },
        '/x': {
          get: {
            parameters: [parameter('a', { type: 'string' }), parameter('b', { type: 'string' })],
            'x-iam-actions': [{ name: 'x:get' }],
          },
          post: { ...answer(reference('M')), requestBody: { content: { 'application/json': { schema: { type: 'string' } } } } },
        },
      },
      { M: { properties: { id: { type: 'integer' }, old: { type: 'string' } } } },
    );
    const now = catalogue(
      {
        '/new': { get: { summary: 'Is here' } },
        '/old': { get: { deprecated: true, 'x-replacement-route': '/new' } },
        '/same': { get: { summary: 'another text', ...answer(reference('M')) } },
        '/x': {
          get: {
            parameters: [parameter('a', { type: 'integer' }, true), parameter('c', { type: 'string' })],
            security: [{ a: [] }],
            'x-badges': [{ label: 'Beta version' }],
          },
          post: {
            ...answer({ type: 'array', items: reference('M') }),
            requestBody: { required: true, content: { 'application/json': { schema: { type: 'number' } } } },
          },
        },
      },
      { M: { properties: { id: { type: 'string' }, fresh: { type: 'string' } } } },
    );
    const member = [
      'the response has no member old any more',
      "the response's member id is string, was integer",
      'the response has a new member fresh',
    ];
    expect(diffCatalogues(old, now)).toEqual({
      added: [{ method: 'GET', path: '/new', description: 'Is here' }],
      removed: [{ method: 'GET', path: '/gone', description: 'Was here' }],
      deprecated: [{ method: 'GET', path: '/old', deprecation: { replacement: '/new' } }],
      changed: [
        { method: 'GET', path: '/same', changes: member },
        {
          method: 'GET',
          path: '/x',
          changes: [
            'is beta now, was production',
            'needs an identity now',
            'query parameter b is gone',
            'query parameter a is integer, was string',
            'query parameter a is required now',
            'query parameter c is new (optional)',
            'the IAM actions are none, were x:get',
          ],
        },
        {
          method: 'POST',
          path: '/x',
          changes: ['the body is number, was string', 'the body is required now', 'the response is M[], was M'],
        },
      ],
    });
    expect(diffCatalogues(now, now)).toEqual({ added: [], removed: [], deprecated: [], changed: [] });
  });

  test('a type in a few letters', () => {
    const text = { kind: 'scalar', name: 'string', format: 'date' } as const;
    expect(typeWord({ kind: 'map', of: { kind: 'array', of: { kind: 'nullable', of: text } } })).toBe('map[string]string (date)?[]');
    expect(typeWord({ kind: 'enum', values: ['a', 1] })).toBe('a|1');
    expect(typeWord({ kind: 'object', properties: [{ name: 'a', type: text, required: false, readOnly: false, secret: false }] })).toBe(
      '{ a?: string (date) }',
    );
  });
});
