import type { Row } from '../json.ts';
import type { Random } from '../random.ts';
import { makeProject } from './cloud.ts';
import { makeDomain } from './domains.ts';
import { dressed, type Fixtures, mergedRow } from './fixtures.ts';
import { Maker, NIC_HANDLE } from './maker.ts';
import { makeServer } from './servers.ts';
import type { Server, Sizes, State, Vrack } from './state.ts';
import { makeVps } from './vps.ts';

/** A world of that size; the same seed and clock give the same one. Of kinds with fixtures it has those. */
export function makeState(random: Random, now: number, sizes: Sizes, fixtures: Fixtures = {}): State {
  const maker = new Maker(random, now);
  const { services } = maker;
  const servers = many(sizes.servers, (n) =>
    dressed(makeServer(maker, n), fixtures.servers?.[n], { main: 'server', id: 'name', services }),
  );
  const vracks = many(sizes.vracks, (n) => makeVrack(maker, n, servers));
  const vps = many(sizes.vps, (n) => dressed(makeVps(maker, n), fixtures.vps?.[n], { main: 'vps', id: 'name', services }));
  const projects = many(sizes.projects, (n) =>
    dressed(makeProject(maker, n, sizes.instances), fixtures.projects?.[n], { main: 'project', id: 'project_id', services }),
  );
  const domains = many(sizes.domains, (n) =>
    dressed(makeDomain(maker, n), fixtures.domains?.[n], { main: 'domain', id: 'domain', services }),
  );
  const blocks = many(sizes.ips, (n) => mergedRow(makeBlock(maker, n, servers), fixtures.ips?.[n] ?? {}));
  return {
    account: mergedRow(accountRow(), fixtures.me ?? {}),
    servers: keyed(servers, (row) => String(row.server.name)),
    vracks: keyed(vracks, (row) => String(row.vrack.name)),
    vps: keyed(vps, (row) => String(row.vps.name)),
    projects: keyed(projects, (row) => String(row.project.project_id)),
    domains: keyed(domains, (row) => String(row.domain.domain)),
    ips: keyed([...servers.flatMap(ownBlocks), ...blocks], (row) => String(row.ip)),
    services: maker.services,
    policies: keyed([policyRow(maker)], (row) => String(row.id)),
  };
}

function many<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

function keyed<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function makeVrack(maker: Maker, n: number, servers: readonly Server[]): Vrack {
  const name = `pn-${1_000_001 + n}`;
  const members = servers.filter((_, at) => at % 5 === n);
  for (const member of members) {
    member.vracks.push(name);
    for (const row of member.interfaces.values()) if (row.mode === 'vrack') row.vrack = name;
  }
  return {
    vrack: { name, description: '', iam: maker.iam('vrack', name, name) },
    serviceInfos: maker.serviceInfos(name, '/vrack/{serviceName}', 'vrack'),
    servers: members.map((member) => String(member.server.name)),
  };
}

function ownBlocks({ server, ips }: Server): Row[] {
  return ips.map((ip) => blockRow(ip, 'dedicated', String(server.name)));
}

function makeBlock(maker: Maker, n: number, servers: readonly Server[]): Row {
  const ip = n === 0 ? '192.0.2.0/28' : `100.${64 + ((n >> 12) & 63)}.${(n >> 4) & 255}.${(n & 15) * 16}/28`;
  const server = servers[n % Math.max(1, servers.length)];
  return { ...blockRow(ip, 'failover', server === undefined ? null : String(server.server.name)), iam: maker.iam('ip', ip, ip) };
}

function blockRow(ip: string, type: string, serviceName: string | null): Row {
  return {
    ip,
    type,
    version: ip.includes(':') ? 6 : 4,
    routedTo: serviceName === null ? null : { serviceName },
    description: null,
    country: 'fr',
    regions: ['eu-west-gra'],
    campus: 'GRA',
    isAdditionalIp: type === 'failover',
    bringYourOwnIp: false,
    canBeTerminated: type === 'failover',
    organisationId: null,
    rir: 'RIPE',
    iam: null,
  };
}

function accountRow(): Row {
  return {
    nichandle: NIC_HANDLE,
    email: 'ops@example.com',
    firstname: 'Ada',
    name: 'Example',
    organisation: 'Example SAS',
    legalform: 'corporation',
    country: 'FR',
    language: 'fr_FR',
    ovhCompany: 'ovh',
    ovhSubsidiary: 'FR',
    state: 'complete',
    currency: { code: 'EUR', symbol: '€' },
    customerCode: '0000-0000-00',
    phone: '+33.100000000',
    phoneCountry: 'FR',
    phoneType: 'landline',
    spareEmail: null,
    sex: null,
    vat: null,
    zip: '59100',
    city: 'Roubaix',
    address: '1 rue Exemple',
    area: '',
    kycValidated: true,
  };
}

function policyRow(maker: Maker): Row {
  return {
    id: maker.random.uuid(),
    name: 'ovh-default',
    description: '',
    owner: NIC_HANDLE,
    readOnly: true,
    identities: [`urn:v1:eu:identity:account:${NIC_HANDLE}`],
    resources: [{ urn: `urn:v1:eu:resource:account:${NIC_HANDLE}` }],
    permissions: { allow: [{ action: '*' }], except: [], deny: [] },
    createdAt: '2024-01-01T00:00:00Z',
    updatedAt: null,
  };
}
