import { asRow, type Json, type Row } from '../json.ts';
import { refuse } from '../refusal.ts';
import { NIC_HANDLE } from '../world/maker.ts';
import type { State } from '../world/state.ts';
import { type Asked, param, type Route, rowOf } from './route.ts';
import { withTags } from './tags.ts';

const RESOURCE = '/v2/iam/resource/{resourceURN}';

/** Resources with tags, and policies (10.1). */
export const iamRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2/iam/resource',
    summary: 'List all resources',
    answer: 'iam.resource.Resource[]',
    query: { resourceName: 'string[]?', resourceType: 'string[]?', resourceURN: 'string[]?', tags: 'map?' },
    paged: true,
    run: resources,
  },
  {
    method: 'GET',
    path: RESOURCE,
    summary: 'Retrieve a resource',
    answer: 'iam.resource.Resource',
    run: (asked) => resourceOf(askedEntry(asked)),
  },
  {
    method: 'PUT',
    path: RESOURCE,
    summary: 'Update a resource',
    answer: 'iam.resource.Resource',
    body: { displayName: 'string?', tags: 'iam.resource.Tags?' },
    run: updateResource,
  },
  {
    method: 'POST',
    path: `${RESOURCE}/tag`,
    summary: 'Add a tag to a resource',
    answer: 'void',
    body: { key: 'string', value: 'string' },
    run: addTag,
  },
  { method: 'DELETE', path: `${RESOURCE}/tag/{key}`, summary: 'Remove a tag from a resource', answer: 'void', run: removeTag },
  {
    method: 'GET',
    path: '/v2/iam/policy',
    summary: 'Retrieve all policies',
    answer: 'iam.policy.Response[]',
    query: { details: 'boolean?', readOnly: 'boolean?' },
    paged: true,
    run: ({ world }) => [...world.state.policies.values()],
  },
  {
    method: 'GET',
    path: '/v2/iam/policy/{policyId}',
    summary: 'Retrieve the given policy',
    answer: 'iam.policy.Response',
    run: (asked) => rowOf(asked.world.state.policies, param(asked, 'policyId'), 'policyId'),
  },
];

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly iam: Row;
}

function entriesOf(state: State): Entry[] {
  const rows: Entry[] = [];
  const add = (type: string, name: string, row: Row): void => {
    const iam = asRow(row.iam);
    if (iam !== undefined) rows.push({ type, name, iam });
  };
  for (const [name, { server }] of state.servers) add('dedicatedServer', name, server);
  for (const [name, { vps }] of state.vps) add('vps', name, vps);
  for (const [name, { project }] of state.projects) add('publicCloudProject', name, project);
  for (const [name, { domain, zone }] of state.domains) {
    add('domain', name, domain);
    add('dnsZone', name, zone);
  }
  for (const [name, row] of state.ips) add('ip', name, row);
  for (const [name, { vrack }] of state.vracks) add('vrack', name, vrack);
  return rows;
}

function resourceOf({ name, type, iam }: Entry): Row {
  return {
    id: iam.id ?? '',
    urn: iam.urn ?? '',
    name,
    displayName: iam.displayName ?? name,
    type,
    owner: NIC_HANDLE,
    tags: iam.tags ?? {},
  };
}

function resources({ call, world }: Asked): Json {
  const { query } = call;
  const among = (name: string, value: Json | undefined): boolean => !query.has(name) || query.getAll(name).includes(String(value));
  const rows = entriesOf(world.state).filter(
    ({ name, type, iam }) => among('resourceName', name) && among('resourceType', type) && among('resourceURN', iam.urn),
  );
  return withTags(rows, query.get('tags'), ({ iam }) => asRow(iam.tags) ?? {}).map(resourceOf);
}

function askedEntry(asked: Asked): Entry {
  const urn = param(asked, 'resourceURN');
  const entry = entriesOf(asked.world.state).find(({ iam }) => iam.urn === urn);
  if (entry === undefined) throw refuse.noObject('resourceURN', urn);
  return entry;
}

function updateResource(asked: Asked): Json {
  const entry = askedEntry(asked);
  const { displayName, tags } = asked.body;
  if (typeof displayName === 'string') entry.iam.displayName = displayName;
  const row = asRow(tags);
  if (row !== undefined) entry.iam.tags = row;
  return resourceOf(entry);
}

function addTag(asked: Asked): null {
  const { iam } = askedEntry(asked);
  iam.tags = { ...asRow(iam.tags), [String(asked.body.key)]: asked.body.value ?? '' };
  return null;
}

function removeTag(asked: Asked): null {
  const { iam } = askedEntry(asked);
  const key = param(asked, 'key');
  const { [key]: gone, ...rest } = asRow(iam.tags) ?? {};
  if (gone === undefined) throw refuse.noObject('key', key);
  iam.tags = rest;
  return null;
}
