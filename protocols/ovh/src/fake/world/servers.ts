import { instant } from '../fake-clock.ts';
import type { Row } from '../json.ts';
import { address, amount, type Maker } from './maker.ts';
import type { Server } from './state.ts';

interface Place {
  readonly datacenter: string;
  readonly region: string;
  readonly zone: string;
}

const PLACES: readonly [Place, ...Place[]] = [
  { datacenter: 'gra3', region: 'eu-west-gra', zone: 'eu-west-gra-a' },
  { datacenter: 'rbx8', region: 'eu-west-rbx', zone: 'eu-west-rbx-a' },
  { datacenter: 'sbg5', region: 'eu-west-sbg', zone: 'eu-west-sbg-a' },
  { datacenter: 'lim3', region: 'eu-west-lim', zone: 'eu-west-lim-a' },
  { datacenter: 'waw1', region: 'eu-central-waw', zone: 'eu-central-waw-a' },
  { datacenter: 'bhs8', region: 'ca-east-bhs', zone: 'ca-east-bhs-a' },
];

interface Model {
  readonly range: string;
  readonly description: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly disks: number;
  readonly diskSize: number;
  readonly diskType: 'NVME' | 'SSD' | 'SATA';
}

const MODELS: readonly [Model, ...Model[]] = [
  model('advance', 'ADVANCE-1', 'EPYC 4244P', [6, 65_536], [2, 960, 'NVME']),
  model('advance', 'ADVANCE-2', 'EPYC 4344P', [8, 65_536], [2, 1920, 'NVME']),
  model('scale', 'SCALE-a1', 'EPYC 9124', [16, 131_072], [2, 1920, 'NVME']),
  model('rise', 'RISE-1', 'Xeon-E 2386G', [6, 32_768], [2, 512, 'SSD']),
  model('storage', 'RISE-STOR', 'Ryzen 5 Pro 3600', [6, 32_768], [4, 14_000, 'SATA']),
];

function model(
  range: string,
  description: string,
  processor: string,
  size: [number, number],
  disks: [number, number, Model['diskType']],
): Model {
  return { range, description, processor, cores: size[0], memory: size[1], disks: disks[0], diskSize: disks[1], diskType: disks[2] };
}

const LATER = 0xc4_7a_00_00_00;

/** The nth dedicated server. */
export function makeServer(maker: Maker, n: number): Server {
  const { random } = maker;
  const ip = address(n * 2 + 10);
  const serverId = 1_234_567 + n * 3;
  const name = `ns${serverId}.ip-${ip.split('.').slice(0, 3).join('-')}.eu`;
  const place = random.pick(PLACES);
  const kind = random.pick(MODELS);
  const label = maker.label();
  const macs = [mac(n * 2), mac(n * 2 + 1)];
  const network = networkOf(ip, n);
  return {
    server: { ...serverRow(maker, { name, serverId, ip, label, kind, place }) },
    serviceInfos: maker.serviceInfos(name, '/dedicated/server/{serviceName}', kind.description),
    hardware: hardwareOf(kind),
    network,
    ips: [`${ip}/32`, `2001:db8:${(n + 1).toString(16)}::/64`],
    nics: new Map(macs.map((text, at) => [text, { mac: text, linkType: at === 0 ? 'public' : 'private', virtualNetworkInterface: null }])),
    interfaces: interfacesOf(maker, name, macs),
    tasks: tasksOf(maker, n),
    interventions: interventionsOf(maker, n),
    options: new Map([['BANDWIDTH', { option: 'BANDWIDTH', state: 'subscribed' }]]),
    vracks: [],
  };
}

interface Core {
  readonly name: string;
  readonly serverId: number;
  readonly ip: string;
  readonly label: string;
  readonly kind: Model;
  readonly place: Place;
}

function serverRow(maker: Maker, { name, serverId, ip, label, kind, place }: Core): Row {
  const { random } = maker;
  const rescue = random.chance(0.03);
  return {
    name,
    serverId,
    ip,
    reverse: random.chance(0.8) ? `${label}.example.com` : null,
    datacenter: place.datacenter,
    availabilityZone: place.zone,
    region: place.region,
    rack: `${place.datacenter.slice(0, 1).toUpperCase()}${random.between(100, 399)}A${String(random.between(1, 48)).padStart(2, '0')}`,
    commercialRange: kind.range,
    os: random.pick(['debian12_64', 'debian13_64', 'ubuntu2404-server_64', 'alma9-64', 'none_64']),
    state: random.chance(0.03) ? random.pick(['error', 'hacked', 'hackedBlocked']) : 'ok',
    powerState: random.chance(0.04) ? 'poweroff' : 'poweron',
    monitoring: random.chance(0.7),
    noIntervention: false,
    professionalUse: false,
    newUpgradeSystem: true,
    supportLevel: 'pro',
    linkSpeed: 1000,
    bootId: rescue ? 22 : 1,
    bootScript: null,
    efiBootloaderPath: null,
    rootDevice: null,
    rescueMail: rescue ? 'ops@example.com' : null,
    rescueSshKey: null,
    iam: maker.iam('dedicatedServer', name, random.chance(0.8) ? label : name),
  };
}

function hardwareOf(kind: Model): Row {
  const size = amount('GB', kind.diskSize);
  const group = {
    diskGroupId: 1,
    description: `${kind.disks} X Disk ${kind.diskType} ${kind.diskSize} GB, JBOD`,
    numberOfDisks: kind.disks,
    diskType: kind.diskType,
    diskSize: size,
    raidController: null,
    defaultHardwareRaidType: null,
    defaultHardwareRaidSize: null,
  };
  return {
    description: kind.description,
    processorName: kind.processor,
    processorArchitecture: 'x86_64',
    numberOfProcessors: 1,
    coresPerProcessor: kind.cores,
    threadsPerProcessor: kind.cores * 2,
    memorySize: amount('MB', kind.memory),
    motherboard: 'X',
    formFactor: '0.5u',
    bootMode: 'uefi',
    diskGroups: [group],
    expansionCards: null,
    usbKeys: null,
    defaultHardwareRaidType: null,
    defaultHardwareRaidSize: null,
  };
}

function networkOf(ip: string, n: number): Row {
  const gateway = `${ip.split('.').slice(0, 3).join('.')}.254`;
  const prefix = `2001:db8:${(n + 1).toString(16)}:`;
  return {
    routing: {
      ipv4: { gateway, ip, network: `${ip}/32` },
      ipv6: { gateway: `${prefix}ff:ff:ff:ff`, ip: `${prefix}:1`, network: `${prefix}:/64` },
    },
    switching: { name: `switch-${n % 40}` },
    bandwidth: {
      InternetToOvh: amount('Mbps', 1000),
      OvhToInternet: amount('Mbps', 1000),
      OvhToOvh: amount('Mbps', 1000),
      type: 'included',
    },
    connection: amount('Mbps', 1000),
    traffic: null,
    vmac: { supported: true, quota: 16 },
    vrack: { bandwidth: amount('Mbps', 1000), type: 'included' },
    ola: { available: false, availableModes: [], supportedModes: [] },
  };
}

function interfacesOf(maker: Maker, serverName: string, macs: readonly string[]): Map<string, Row> {
  const rows = macs.map((text, at): [string, Row] => {
    const uuid = maker.random.uuid();
    const mode = at === 0 ? 'public' : 'vrack';
    return [uuid, { uuid, name: mode, mode, enabled: true, networkInterfaceController: [text], serverName, vrack: null }];
  });
  return new Map(rows);
}

function tasksOf(maker: Maker, n: number): Map<number, Row> {
  const at = maker.past(60);
  const open = maker.random.chance(0.06);
  const task = newTask(100_000 + n * 10, open ? 'reinstallServer' : 'hardReboot', at);
  if (open) Object.assign(task, { status: 'doing', lastUpdate: instant(maker.now) });
  else Object.assign(task, { status: 'done', lastUpdate: instant(at + 120_000), doneDate: instant(at + 120_000) });
  return new Map([[Number(task.taskId), task]]);
}

function interventionsOf(maker: Maker, n: number): Map<number, Row> {
  if (!maker.random.chance(0.05)) return new Map();
  const interventionId = 500_000 + n;
  const past = maker.past(200);
  // Every second one is still to come.
  const date = n % 2 === 0 ? past : 2 * maker.now - past;
  return new Map([[interventionId, { interventionId, type: 'hardwareReplacement', date: instant(date) }]]);
}

/** A task that has just been asked for. */
export function newTask(taskId: number, name: string, at: number): Row {
  return {
    taskId,
    function: name,
    status: 'init',
    startDate: instant(at),
    lastUpdate: instant(at),
    doneDate: null,
    comment: null,
    note: null,
    needSchedule: false,
    plannedInterventionId: null,
    ticketReference: null,
    tags: [],
  };
}

function mac(n: number): string {
  const text = (LATER + n + 1).toString(16).padStart(10, '0');
  return ['0c', ...(text.match(/../g) ?? [])].join(':');
}
