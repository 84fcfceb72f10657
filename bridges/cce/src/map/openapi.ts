import type { Schema } from '@fairlead/engine-cce';
import type { Answerable } from './json.ts';
import { jsonSchemaOf, nameOf } from './json-schema.ts';
import { sortedByKey } from './reply.ts';
import { VERBS } from './structured.ts';

const TEXT: Answerable = { type: 'string' };
const VALUES: Answerable = {
  type: 'object',
  additionalProperties: { anyOf: [{ type: ['string', 'number', 'boolean', 'null'] }, { type: 'array', items: TEXT }] },
};
const ENTRIES: Answerable = { type: 'array', items: { type: 'object', properties: { code: { type: 'integer' }, message: TEXT } } };

/** The API as OpenAPI 3.1 (cce 12.4): one path takes every command, and each namespace of each class is a schema. */
export function openApi(schema: Schema, version: string): Answerable {
  const namespaces = [...sortedByKey(schema.classes).values()].flatMap((one) => [...one.namespaces.values()]);
  return {
    openapi: '3.1.0',
    info: { title: 'CCE JSON API', version },
    paths: {
      '/v2/cce': {
        post: {
          summary: 'One command',
          requestBody: body('Request'),
          responses: { default: { description: 'Answer', ...body('Answer') } },
        },
      },
      ...Object.fromEntries(
        ['services', 'metrics', 'health', 'schema', 'events'].map((name) => [
          `/v2/${name}`,
          { get: { responses: { 200: { description: name } } } },
        ]),
      ),
    },
    components: {
      schemas: new Map<string, Answerable>([
        ['Request', request()],
        ['Answer', answer()],
        ...namespaces.map((namespace) => [nameOf(namespace), jsonSchemaOf(namespace)] as const),
      ]),
    },
  };
}

function body(name: string): { content: Answerable } {
  return { content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } };
}

/** cce 5.2. */
function request(): Answerable {
  const texts = ['user', 'password', 'sessionid', 'token', 'class', 'oid', 'namespace', 'sorttype', 'sortprop', 'reason'];
  return {
    type: 'object',
    required: ['cmd'],
    properties: {
      cmd: { type: 'string', description: 'A verb, or a whole command of CSCP', examples: VERBS },
      ...Object.fromEntries(texts.map((name) => [name, TEXT])),
      ...Object.fromEntries(['args', 'data', 'vars', 'regex_args'].map((name) => [name, VALUES])),
      oids: { type: 'array', items: TEXT },
    },
  };
}

/** cce 5.4. */
function answer(): Answerable {
  return {
    type: 'object',
    required: ['status', 'message'],
    properties: {
      status: { type: 'integer' },
      message: TEXT,
      data: {
        type: 'object',
        properties: { DATA: { type: 'object' }, oid: TEXT, oidlist: { type: 'array', items: TEXT }, errors: ENTRIES, infos: ENTRIES },
      },
    },
  };
}
