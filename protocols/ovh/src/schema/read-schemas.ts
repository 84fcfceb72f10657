import { createHash } from 'node:crypto';
import { SchemaError } from '../errors/errors.ts';
import type { Catalogue, ModelInfo, RouteInfo } from './catalogue.ts';
import { Source } from './guard.ts';
import { itemRoutes } from './items.ts';
import { type Read, readOpenApi } from './read-openapi.ts';
import { readOvhForm } from './read-ovh-form.ts';

/** One document; its name is for errors, and the section of an OpenAPI document: `dedicated/server.json`, `v2/iam.json`. */
export interface SchemaDocument {
  readonly name: string;
  readonly text: string;
}

/** All universes together have a fifth of that. */
const MOST_ROUTES = 50_000;

/**
 * The catalogue of documents of either published form (spec 8.1). Of operations and models that are in several documents the first
 * counts, by the names of the documents. Throws SchemaError for a document that cannot be used.
 */
export function readSchemas(documents: readonly SchemaDocument[]): Catalogue {
  const routes = new Map<string, RouteInfo>();
  const models = new Map<string, ModelInfo>();
  const sorted = documents.toSorted((one, other) => compared(one.name, other.name));
  for (const document of sorted) {
    const read = readDocument(document);
    for (const route of read.routes) if (!routes.has(keyOf(route))) routes.set(keyOf(route), route);
    for (const model of read.models) if (!models.has(model.name)) models.set(model.name, model);
    if (routes.size > MOST_ROUTES || models.size > MOST_ROUTES) throw new SchemaError(`more than ${MOST_ROUTES} operations or models`);
  }
  const byPath = [...routes.values()].toSorted((one, other) => compared(one.path, other.path) || compared(one.method, other.method));
  return {
    routes: expanded(byPath, models),
    models: new Map([...models].toSorted(([one], [other]) => compared(one, other))),
    documents: sorted.map(({ name, text }) => ({ name, sha256: createHash('sha256').update(text).digest('hex') })),
  };
}

/** By code units, whatever the language of the machine is. */
export function compared(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function keyOf({ method, path }: RouteInfo): string {
  return `${method} ${path}`;
}

function readDocument({ name, text }: SchemaDocument): Read {
  const source = new Source(name);
  const document = source.parse(text);
  if (document.openapi !== undefined) return readOpenApi(document, source);
  if (document.apis !== undefined && (document.models !== undefined || document.resourcePath !== undefined))
    return readOvhForm(document, source);
  throw source.error('Unable to parse the schema: it is neither OpenAPI nor of the form { apis, models }');
}

/** `x-expanded-response` has the model in Pascal case without dots, or only says yes: then it is what the item's own route gives. */
function expanded(routes: readonly RouteInfo[], models: ReadonlyMap<string, ModelInfo>): readonly RouteInfo[] {
  const names = new Map([...models.keys()].map((name) => [pascal(name), name]));
  const items = itemRoutes(routes);
  return routes.map((route) => {
    if (route.expandsTo === undefined) return route;
    const response = items.get(route)?.response;
    const ofItem = response?.kind === 'model' ? response.name : undefined;
    return { ...route, expandsTo: names.get(route.expandsTo) ?? ofItem ?? route.expandsTo };
  });
}

function pascal(name: string): string {
  return name
    .split('.')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
