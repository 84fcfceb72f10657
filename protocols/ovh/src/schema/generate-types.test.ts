import { stripTypeScriptTypes } from 'node:module';
import { expect, test } from 'vitest';
import { generateTypes } from './generate-types.ts';
import { readSchemas } from './read-schemas.ts';

const OPTIONS = { universe: 'eu', date: '2026-11-22' };

function generated(paths: object, schemas: object = {}): string {
  const text = JSON.stringify({
    openapi: '3.0.0',
    servers: [{ url: 'https://eu.api.ovh.com/1.0' }],
    security: [{ a: [] }],
    components: { schemas },
    paths,
  });
  return generateTypes(readSchemas([{ name: 'x.json', text }]), OPTIONS);
}

/** What is left of a module when its types are gone: nothing, unless some text left the place that it was written in. */
function code(text: string): string {
  return stripTypeScriptTypes(text)
    .replace(/^\/[/*].*$/gm, '')
    .trim();
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const answer = (schema: object) => ({ responses: { 200: { content: { 'application/json': { schema } } } } });
const takes = (schema: object) => ({ requestBody: { required: true, content: { 'application/json': { schema } } } });

test('a route has what a call takes and gives; the header says what it is made from', () => {
  const text = generated(
    {
      '/x/{id}': {
        parameters: [{ in: 'path', name: 'id', schema: { type: 'integer' } }],
        get: {
          summary: 'One of them',
          deprecated: true,
          'x-deletion-date': '2027-01-01T00:00:00Z',
          'x-replacement-route': '/y',
          parameters: [
            { in: 'query', name: 'date.from', schema: { type: 'string', format: 'date-time' } },
            { in: 'query', name: 'kind', required: true, schema: reference('x.KindEnum') },
          ],
          ...answer(reference('x.Thing')),
        },
        put: takes(reference('x.Thing')),
      },
      '/x': { get: answer({ type: 'array', items: { type: 'integer' } }) },
    },
    {
      'x.Thing': {
        required: ['kind'],
        properties: {
          id: { type: 'integer', readOnly: true },
          kind: reference('x.KindEnum'),
          'a-b': { allOf: [reference('x.Thing')], nullable: true },
          block: reference('ipBlock'),
          all: { type: 'array', items: { type: 'string', nullable: true } },
        },
      },
      'x.KindEnum': { enum: ['a', 'b'] },
      'x.Unused': { properties: { a: { type: 'string' } } },
      ipBlock: { type: 'string', format: 'ip-block' },
    },
  );
  const lines = text.split('\n');
  expect(text).toMatch(/^\/\/ Universe 'eu', documents of '2026-11-22', SHA-256 [0-9a-f]{64}, 3 operations\.$/m);
  expect(lines).toContain(
    "  'x.Thing': { id: number; kind: Models['x.KindEnum']; 'a-b': Models['x.Thing'] | null; block: string; all: (string | null)[] };",
  );
  expect(lines).toContain("  'x.KindEnum': Open<'a' | 'b'>;");
  expect(lines).toContain("  'x.KindEnum': 'a' | 'b';");
  expect(lines).toContain(
    "  'x.Thing': { kind: Inputs['x.KindEnum']; 'a-b'?: Inputs['x.Thing'] | null | undefined; block?: string | undefined; all?: readonly (string | null)[] | undefined };",
  );
  expect(lines).toContain('  /** One of them @deprecated until 2027-01-01, use /y */');
  expect(lines).toContain(
    "  'GET /x/{id}': { path: { id: number | bigint }; query: { 'date.from'?: string | Date | undefined; kind: Inputs['x.KindEnum'] }; response: Models['x.Thing']; meta: { status: 'deprecated' } };",
  );
  expect(lines).toContain("  'PUT /x/{id}': { path: { id: number | bigint }; body: Inputs['x.Thing']; response: null };");
  expect(lines).toContain("  'GET /x': { response: number[]; item: Models['x.Thing'] };");
  expect(text).not.toContain('Unused');
  expect(text).not.toMatch(/\bany\b/);
  expect(code(text)).toBe('');
});

test('a route says what is unlike most: who may call it, whether it has pages or can be expanded', () => {
  const list = answer({ type: 'array', items: { type: 'string' } });
  const cursor = { in: 'header', name: 'X-Pagination-Cursor', schema: { type: 'string' } };
  const text = generated({
    '/a': { get: { ...list, security: [], parameters: [cursor], 'x-expanded-response': 'A' } },
    '/b': { get: list },
  });
  expect(text).toContain("'GET /a': { response: string[]; meta: { noAuth: true; paginated: true; expandable: true } };");
  expect(text).toContain("'GET /b': { response: string[] };");
});

test('of an input of which everything is read only, everything stays', () => {
  const filter = { properties: { operator: { type: 'string', readOnly: true }, value: { type: 'string', readOnly: true } } };
  const query = {
    in: 'query',
    name: 'tags',
    schema: { type: 'object', additionalProperties: { type: 'array', items: reference('x.Filter') } },
  };
  expect(generated({ '/x': { get: { parameters: [query] } } }, { 'x.Filter': filter })).toContain(
    "'x.Filter': { operator?: string | undefined; value?: string | undefined };",
  );
});

test('models that are only other words for themselves end somewhere', () => {
  const schemas = {
    a: { allOf: [reference('b')] },
    b: { allOf: [reference('a')] },
    list: { type: 'array', items: reference('list') },
    tree: { properties: { left: reference('tree'), list: reference('list') } },
  };
  const text = generated(
    { '/a': { get: answer(reference('a')) }, '/b': { get: answer(reference('list')) }, '/c': { get: answer(reference('tree')) } },
    schemas,
  );
  expect(text).toContain("'GET /a': { response: unknown };");
  expect(text).toContain("'GET /b': { response: unknown[] };");
  expect(text).toContain("tree: { left: Models['tree']; list: unknown[] };");
});

test('the same documents give the same text, in whatever order they come', () => {
  const document = (path: string) => JSON.stringify({ openapi: '3', paths: { [path]: { get: {} } }, components: { schemas: {} } });
  const both = [
    { name: 'b.json', text: document('/b') },
    { name: 'a.json', text: document('/a') },
  ];
  expect(generateTypes(readSchemas(both), OPTIONS)).toBe(generateTypes(readSchemas(both.toReversed()), OPTIONS));
});

test.each([
  ["a quote', evil: (() => 1)(), b: '"],
  ['a backslash \\'],
  [`a template \`\${process.exit(1)}\``],
  ['a line\nend and \u2028 others \r'],
  ['*/ globalThis.evil = 1; /*'],
  ['half \ud83d a pair'],
  ['__proto__'],
  ['constructor'],
  ['] }; globalThis.evil = 1; interface X { ['],
])('a name or text such as %j stays within its place', (evil) => {
  const schemas = {
    [`x.${evil}`]: {
      description: evil,
      properties: { [evil]: { type: 'string', description: evil, format: evil }, kind: { enum: [evil, 'b'] } },
    },
  };
  const operation = {
    summary: evil,
    deprecated: true,
    'x-replacement-route': evil,
    parameters: [{ in: 'query', name: evil, schema: { enum: [evil] } }],
    ...takes({ properties: { [evil]: reference(`x.${evil}`) } }),
    ...answer(reference(`x.${evil}`)),
  };
  const text = generated({ "/x'/{a'b}": { post: operation } }, schemas);
  expect(text).not.toMatch(/[\r\t\u2028\u2029]/);
  expect(text.isWellFormed()).toBe(true);
  expect(code(text)).toBe('');
});
