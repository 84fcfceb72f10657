import type { Json, Row } from '../json.ts';
import { iamActionOf } from '../routes/iam-action.ts';
import { bareType } from '../routes/parameters.ts';
import type { Route } from '../routes/route.ts';
import { variablesOf } from '../routes/router.ts';
import type { State } from '../world/state.ts';
import { modelsOf, samplesOf } from './models.ts';

/** The two branches that have documents of their own. */
export type ApiBranch = '1.0' | 'v1' | 'v2';

/** Routes of a branch by section; their paths are as the branch has them. */
export function sectionsOf(routes: readonly Route[], branch: ApiBranch): ReadonlyMap<string, readonly Route[]> {
  const sections = new Map<string, Route[]>();
  for (const route of routes) {
    if (route.path.startsWith('/v2/') !== (branch === 'v2')) continue;
    const path = branch === 'v2' ? route.path.slice(3) : route.path;
    const section = path.startsWith('/dedicated/server') ? '/dedicated/server' : `/${path.split('/')[1] ?? ''}`;
    sections.set(section, [...(sections.get(section) ?? []), { ...route, path }]);
  }
  return sections;
}

/** `GET /1.0/` and `GET /v2` (8.1). */
export function indexDocument(routes: readonly Route[], branch: ApiBranch, origin: string): Json {
  const apis = [...sectionsOf(routes, branch).keys()].sort().map((path) => ({
    path,
    schema: '{path}.{format}',
    format: ['json', 'yaml'],
    description: `Operations about ${path.slice(1)}`,
  }));
  return { apiVersion: '1.0', basePath: `${origin}/${branch}`, apis };
}

/** `GET /1.0/vps.json`: the section in OVH's own form (8.1). */
export function sectionDocument(section: string, routes: readonly Route[], base: string, state: State): Json {
  const paths = Map.groupBy(routes, (route) => route.path);
  const apis = [...paths].map(([path, operations]) => ({
    path,
    description: `Operations about ${path}`,
    operations: operations.map(operationOf),
  }));
  return { apiVersion: '1.0', basePath: base, resourcePath: section, apis, models: modelDocuments(routes, state) };
}

function operationOf(route: Route): Row {
  return {
    httpMethod: route.method,
    description: route.summary,
    noAuthentication: route.access !== undefined,
    responseType: route.answer,
    resellerOnly: false,
    apiStatus: statusOf(route),
    parameters: parametersOf(route),
    iamActions: route.access === undefined ? [{ name: iamActionOf(route), required: true }] : [],
  };
}

function statusOf({ deprecated }: Route): Row {
  if (deprecated === undefined) return { value: 'PRODUCTION', description: 'Stable production version' };
  const { since: deprecatedDate, until: deletionDate, replacement } = deprecated;
  return { value: 'DEPRECATED', description: 'Deprecated, will be removed', deprecatedDate, deletionDate, replacement };
}

function parametersOf(route: Route): Row[] {
  const group = (paramType: string, types: Readonly<Record<string, string>>): Row[] =>
    Object.entries(types).map(([name, type]) => {
      const dataType = type.replace('?', '').replace(/^map$/, 'map[string]iam.resource.TagFilter[]');
      return { name, paramType, dataType, fullType: dataType, required: !type.endsWith('?'), description: null };
    });
  const variables = Object.fromEntries(variablesOf(route.path).map((name) => [name, variableType(route, name)]));
  return [...group('path', variables), ...group('query', route.query ?? {}), ...group('body', route.body ?? {})];
}

/** An id is as its list has it: a number where the list is `long[]`. */
function variableType(route: Route, name: string): string {
  return /^(taskId|interventionId|applicationId|credentialId|serviceId)$/.test(name) || (name === 'id' && route.path.endsWith('{id}'))
    ? 'long'
    : 'string';
}

function modelDocuments(routes: readonly Route[], state: State): Row {
  const samples = samplesOf(state);
  const models: Row = {};
  for (const name of new Set(routes.map((route) => bareType(route.answer)))) {
    const sample = samples.get(name);
    if (sample === undefined) continue;
    for (const [id, properties] of modelsOf(name, sample)) models[id] = modelDocument(id, properties);
  }
  return models;
}

function modelDocument(id: string, properties: Readonly<Record<string, { type: string; nullable: boolean }>>): Row {
  const members = Object.entries(properties).map(([name, { type, nullable }]): [string, Row] => [
    name,
    { type, fullType: type, canBeNull: nullable, readOnly: true, required: false, description: null },
  ]);
  return { id, namespace: id.split('.').slice(0, -1).join('.'), description: id, properties: Object.fromEntries(members) };
}
