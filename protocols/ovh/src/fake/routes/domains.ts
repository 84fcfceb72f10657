import { instant } from '../fake-clock.ts';
import type { Json, Row } from '../json.ts';
import type { Domain } from '../world/state.ts';
import { listing, reading, SERVICE_INFOS_BODY, taggedIds, writing } from './lists.ts';
import { type Asked, param, type Route, rowOf } from './route.ts';

const DOMAIN = '/domain/{serviceName}';
const ZONE = '/domain/zone/{zoneName}';
const RECORD_BODY = { subDomain: 'string?', target: 'string?', ttl: 'long?' };

/** Names and their zones (10.1). */
export const domainRoutes: readonly Route[] = [
  ...listing({
    path: '/domain',
    variable: 'serviceName',
    model: 'domain.DomainServiceWithIAM',
    query: { iamTags: 'map?', whoisOwner: 'string?' },
    all: (asked) => taggedIds(asked, asked.world.state.domains, (entry) => entry.domain),
    one: (id, asked) => rowOf(asked.world.state.domains, id, 'serviceName').domain,
  }),
  reading(`${DOMAIN}/serviceInfos`, 'services.Service', (asked) => domainOf(asked, 'serviceName').serviceInfos),
  writing(`${DOMAIN}/serviceInfos`, SERVICE_INFOS_BODY, (asked) => domainOf(asked, 'serviceName').serviceInfos),
  ...listing({
    path: '/domain/zone',
    variable: 'zoneName',
    model: 'domain.zone.ZoneWithIAM',
    query: { iamTags: 'map?' },
    all: (asked) => taggedIds(asked, asked.world.state.domains, (entry) => entry.zone),
    one: (id, asked) => rowOf(asked.world.state.domains, id, 'zoneName').zone,
  }),
  ...listing({
    path: `${ZONE}/record`,
    variable: 'id',
    model: 'domain.zone.Record',
    ids: 'long',
    query: { fieldType: 'string?', subDomain: 'string?' },
    all: recordIds,
    one: (id, asked) => recordOf(asked, id),
  }),
  {
    method: 'POST',
    path: `${ZONE}/record`,
    summary: 'Create a new DNS record (Don t forget to refresh the zone)',
    answer: 'domain.zone.Record',
    body: { ...RECORD_BODY, fieldType: 'string', target: 'string' },
    run: createRecord,
  },
  writing(`${ZONE}/record/{id}`, RECORD_BODY, (asked) => recordOf(asked, param(asked, 'id'))),
  {
    method: 'DELETE',
    path: `${ZONE}/record/{id}`,
    summary: 'Delete a DNS record (Don t forget to refresh the zone)',
    answer: 'void',
    run: (asked) => {
      const record = recordOf(asked, param(asked, 'id'));
      domainOf(asked, 'zoneName').records.delete(Number(record.id));
      return null;
    },
  },
  {
    method: 'POST',
    path: `${ZONE}/refresh`,
    summary: 'Apply zone modification on DNS servers',
    answer: 'void',
    run: (asked) => {
      domainOf(asked, 'zoneName').zone.lastUpdate = instant(asked.world.clock.now());
      return null;
    },
  },
];

function domainOf(asked: Asked, variable: string): Domain {
  return rowOf(asked.world.state.domains, param(asked, variable), variable);
}

function recordOf(asked: Asked, id: string): Row {
  return rowOf(domainOf(asked, 'zoneName').records, Number(id), 'id');
}

function recordIds(asked: Asked): number[] {
  const { query } = asked.call;
  const wanted = (row: Row, name: string): boolean => query.get(name) === null || query.get(name) === row[name];
  const rows = [...domainOf(asked, 'zoneName').records.values()];
  return rows.filter((row) => wanted(row, 'fieldType') && wanted(row, 'subDomain')).map((row) => Number(row.id));
}

function createRecord(asked: Asked): Json {
  const { records } = domainOf(asked, 'zoneName');
  const id = Math.max(3_000_000, ...records.keys()) + 1;
  const row: Row = { id, subDomain: '', ttl: 0, ...asked.body, zone: param(asked, 'zoneName') };
  records.set(id, row);
  return row;
}
