import { stripTypeScriptTypes } from 'node:module';
import { fuzz, hostileText, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeRoute, searchRoutes } from './describe.ts';
import { diffCatalogues } from './diff.ts';
import { generateMetadata } from './generate-metadata.ts';
import { generateTypes } from './generate-types.ts';
import { readSchemas } from './read-schemas.ts';

const OPEN = {
  openapi: '3.0.0',
  servers: [{ url: 'https://eu.api.ovh.com/v2' }],
  components: {
    schemas: {
      'a.B': {
        required: ['c'],
        properties: { c: { allOf: [{ $ref: '#/components/schemas/a.B' }], nullable: true }, d: { enum: ['x', 4] } },
      },
    },
  },
  paths: {
    '/a/{b}': {
      get: {
        summary: 's',
        deprecated: true,
        'x-deprecation-date': '2026-01-01T00:00:00Z',
        'x-iam-actions': [{ name: 'a' }],
        parameters: [
          { in: 'query', name: 'q', schema: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } } },
        ],
        requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/a.B' } } } },
        responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/a.B' } } } } },
      },
    },
  },
};
const OWN = {
  basePath: 'https://eu.api.ovh.com/1.0',
  resourcePath: '/a',
  apis: [
    {
      path: '/a/{b}',
      operations: [
        {
          httpMethod: 'POST',
          responseType: 'a.Unit<map[string]long[]>',
          noAuthentication: 1,
          apiStatus: { value: 'DEPRECATED' },
          parameters: [
            { name: 'b', paramType: 'path', fullType: 'long', required: 1 },
            { name: null, paramType: 'body', fullType: 'a.B[]', required: 1 },
          ],
        },
      ],
    },
  ],
  models: {
    'a.B': { properties: { c: { type: 'a.B', canBeNull: 1 }, k: { type: 'a.K' } } },
    'a.K': { enum: ['x', 'y'] },
    'a.Unit': { generics: ['T'], properties: { value: { type: 'T[]' } } },
  },
};

/** Documents of either form with any of their words replaced by anything at all. */
function spoiled(document: object): fc.Arbitrary<string> {
  const values = fc.oneof(
    hostileText(),
    fc.constantFrom(null, true, 0, [], {}, '__proto__', '*/', "'", 'a.B[]', 'a.Unit<a.Unit<T>>', '#/components/schemas/a.B'),
  );
  return fc.tuple(fc.nat(200), values, fc.boolean()).map(([target, value, asKey]) => {
    let at = 0;
    const walk = (node: unknown): unknown => {
      at += 1;
      if (at === target + 1 && !asKey) return value;
      if (Array.isArray(node)) return node.map(walk);
      if (typeof node !== 'object' || node === null) return node;
      const renamed = ([key, member]: [string, unknown]): [string, unknown] => {
        const name = asKey && at === target ? String(value) : key;
        return [name, walk(member)];
      };
      return Object.fromEntries(Object.entries(node).map(renamed));
    };
    return JSON.stringify(walk(document));
  });
}

test('whatever a document is: an error that says so, or types that are nothing but types', async () => {
  const texts = fc.oneof(spoiled(OPEN), spoiled(OWN), mutatedText([JSON.stringify(OPEN), JSON.stringify(OWN)]), hostileText());
  await fuzz(
    'ovh.schemas',
    fc.tuple(texts, hostileText()),
    ([text, word]) => {
      const catalogue = refusedWith(/^OVH_SCHEMA$/, () => readSchemas([{ name: 'x.json', text }]));
      if (!catalogue) return false;
      const types = generateTypes(catalogue, { universe: 'eu', date: '2026-11-22' });
      expect(
        stripTypeScriptTypes(types)
          .replace(/^\/[/*].*$/gm, '')
          .trim(),
      ).toBe('');
      const { routes, secrets } = generateMetadata(catalogue);
      expect(Object.keys(routes)).toHaveLength(catalogue.routes.length);
      expect(secrets).toEqual([...new Set(secrets)]);
      for (const { path } of catalogue.routes) expect(describeRoute(catalogue, path)?.operations.length).toBeGreaterThan(0);
      expect(searchRoutes(catalogue, word).length).toBeLessThanOrEqual(catalogue.routes.length);
      expect(diffCatalogues(catalogue, catalogue)).toEqual({ added: [], removed: [], deprecated: [], changed: [] });
      return true;
    },
    { share: 3, someAccepted: true },
  );
});
