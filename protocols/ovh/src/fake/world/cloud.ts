import { instant } from '../fake-clock.ts';
import type { Json, Row } from '../json.ts';
import { address, type Maker } from './maker.ts';
import type { Project } from './state.ts';

const REGIONS: readonly [string, ...string[]] = ['GRA11', 'SBG5', 'WAW1', 'BHS5'];

/** The nth public cloud project, with so many instances. */
export function makeProject(maker: Maker, n: number, instances: number): Project {
  const { random } = maker;
  const id = random.hex(32);
  const name = n === 0 ? 'prod' : `project${n}`;
  const project: Omit<Project, 'instances' | 'volumes'> = {
    project: {
      project_id: id,
      projectName: name,
      description: name,
      status: 'ok',
      access: 'full',
      planCode: 'project.2018',
      creationDate: instant(maker.past(900)),
      expiration: null,
      orderId: null,
      unleash: false,
      manualQuota: false,
      iam: maker.iam('publicCloudProject', id, name),
    },
    serviceInfos: maker.serviceInfos(id, '/cloud/project/{serviceName}', 'project.2018'),
    regions: new Map(REGIONS.map((region) => [region, regionRow(region)])),
    flavors: byId(REGIONS.flatMap((region) => [flavor(maker, region, 'b3-8', 2, 8), flavor(maker, region, 'b3-16', 4, 16)])),
    images: byId(REGIONS.flatMap((region) => [image(maker, region, 'Debian 12'), image(maker, region, 'Ubuntu 24.04')])),
    sshKeys: byId([
      { id: random.hex(20), name: 'ops', publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample ops', regions: [...REGIONS] },
    ]),
  };
  const rows = Array.from({ length: instances }, (_, at) => instance(maker, project, n * 1000 + at));
  const volumes = rows.slice(0, Math.ceil(instances / 3)).map((row) => attached(maker, row));
  return { ...project, instances: byId(rows), volumes: byId(volumes) };
}

function regionRow(name: string): Row {
  return {
    name,
    continentCode: name.startsWith('BHS') ? 'NA' : 'EU',
    countryCode: name.startsWith('BHS') ? 'ca' : 'fr',
    datacenterLocation: name.replace(/\d+$/, ''),
    ipCountries: [],
    services: [{ name: 'instance', endpoint: '', status: 'UP' }],
    status: 'UP',
    type: 'region',
  };
}

function flavor(maker: Maker, region: string, name: string, vcpus: number, ram: number): Row {
  return {
    id: maker.random.uuid(),
    name,
    region,
    ram,
    vcpus,
    disk: 50,
    type: 'ovh.ssd.eg',
    osType: 'linux',
    inboundBandwidth: 500,
    outboundBandwidth: 500,
    available: true,
    quota: 20,
    capabilities: [],
    planCodes: { hourly: `${name}.consumption`, monthly: null },
  };
}

function image(maker: Maker, region: string, name: string): Row {
  return {
    id: maker.random.uuid(),
    name,
    region,
    visibility: 'public',
    type: 'linux',
    user: name.split(' ')[0]?.toLowerCase() ?? '',
    status: 'active',
    size: 2.5,
    minDisk: 0,
    minRam: 0,
    creationDate: instant(maker.past(400)),
    flavorType: null,
    planCode: null,
    tags: [],
  };
}

function instance(maker: Maker, project: Pick<Project, 'flavors' | 'images' | 'sshKeys'>, n: number): Row {
  const { random } = maker;
  const region = random.pick(REGIONS);
  const place = (rows: ReadonlyMap<string, Row>) => [...rows.values()].filter((row) => row.region === region);
  const kind = place(project.flavors)[random.between(0, 1)] ?? {};
  return {
    id: random.uuid(),
    name: maker.label(),
    region,
    availabilityZone: null,
    flavorId: kind.id ?? '',
    flavorName: kind.name ?? '',
    imageId: place(project.images)[random.between(0, 1)]?.id ?? '',
    sshKey: [...project.sshKeys.keys()][0] ?? null,
    status: random.pick(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'SHUTOFF', 'BUILD', 'ERROR', 'RESCUE']),
    taskState: '',
    created: instant(maker.past(600)),
    monthlyBilling: null,
    planCode: `${String(kind.name)}.consumption`,
    operationIds: [],
    attachedVolumes: [],
    currentMonthOutgoingTraffic: null,
    addresses: [
      { ip: address(60_000 + n), type: 'public', version: 4, networkId: random.uuid(), gatewayIp: address(60_000 + n - (n % 254) + 254) },
      { ip: `10.0.${(n >> 8) & 255}.${n & 255}`, type: 'private', version: 4, networkId: random.uuid(), gatewayIp: null },
    ] satisfies Json,
  };
}

/** A volume in an instance, which then names it. */
function attached(maker: Maker, row: Row): Row {
  const made = volume(maker, row);
  row.attachedVolumes = [made.id ?? ''];
  return made;
}

function volume(maker: Maker, attachedTo: Row): Row {
  return {
    id: maker.random.uuid(),
    name: `data-${String(attachedTo.name)}`,
    description: '',
    region: attachedTo.region ?? '',
    availabilityZone: null,
    size: maker.random.pick([50, 100, 500]),
    type: 'high-speed',
    status: 'in-use',
    bootable: false,
    attachedTo: [attachedTo.id ?? ''],
    creationDate: instant(maker.past(300)),
    planCode: 'volume.high-speed.consumption',
  };
}

function byId(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [String(row.id), row]));
}
