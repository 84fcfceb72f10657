import { asRow, type Json, type Row } from '../json.ts';
import { SAMPLE_CATALOGUE } from '../routes/catalogue.ts';
import type { State } from '../world/state.ts';

/** An object of each type that the routes name, as far as the world has one. */
export function samplesOf(state: State): ReadonlyMap<string, Row> {
  const [server] = state.servers.values();
  const [vps] = state.vps.values();
  const [project] = state.projects.values();
  const [domain] = state.domains.values();
  const [vrack] = state.vracks.values();
  const samples: Array<readonly [string, Row | undefined]> = [
    ['nichandle.Nichandle', state.account],
    ['dedicated.server.DedicatedWithIAM', server?.server],
    ['dedicated.server.HardwareSpecifications', server?.hardware],
    ['dedicated.server.NetworkSpecifications', server?.network],
    ['dedicated.server.networkInterfaceController', first(server?.nics)],
    ['dedicated.server.virtualNetworkInterface', first(server?.interfaces)],
    ['dedicated.server.Task', first(server?.tasks)],
    ['dedicated.server.Option', first(server?.options)],
    ['services.Service', server?.serviceInfos ?? vps?.serviceInfos],
    ['vps.VPSWithIAM', vps?.vps],
    ['vps.Datacenter', vps?.datacenter],
    ['vps.Image', vps?.image],
    ['vps.Disk', first(vps?.disks)],
    ['cloud.ProjectWithIAM', project?.project],
    ['cloud.Region', first(project?.regions)],
    ['cloud.instance.Instance', first(project?.instances)],
    ['cloud.flavor.Flavor', first(project?.flavors)],
    ['cloud.image.Image', first(project?.images)],
    ['cloud.volume.Volume', first(project?.volumes)],
    ['cloud.sshkey.SshKey', first(project?.sshKeys)],
    ['domain.DomainServiceWithIAM', domain?.domain],
    ['domain.zone.ZoneWithIAM', domain?.zone],
    ['domain.zone.Record', first(domain?.records)],
    ['ip.IpWithIAM', first(state.ips)],
    ['vrack.vrackWithIAM', vrack?.vrack],
    ['services.expanded.Service', first(state.services)],
    ['iam.policy.Response', first(state.policies)],
    ['order.catalog.public.Catalog', SAMPLE_CATALOGUE],
  ];
  return new Map(samples.filter((entry): entry is readonly [string, Row] => entry[1] !== undefined));
}

function first(rows: ReadonlyMap<unknown, Row> | undefined): Row | undefined {
  return rows === undefined ? undefined : [...rows.values()][0];
}

/** One member of a model, as far as an example tells. */
interface Property {
  readonly type: string;
  readonly nullable: boolean;
}

/** The models that describe an object and what is in it, by name. */
export function modelsOf(name: string, sample: Row): Map<string, Readonly<Record<string, Property>>> {
  const models = new Map<string, Readonly<Record<string, Property>>>();
  const describe = (model: string, row: Row): void => {
    const properties = Object.entries(row).map(([member, value]): [string, Property] => {
      const inner = `${model}.${member}`;
      return [member, { type: typeOf(inner, value, describe), nullable: value === null }];
    });
    models.set(model, Object.fromEntries(properties));
  };
  describe(name, sample);
  return models;
}

function typeOf(name: string, value: Json, describe: (model: string, row: Row) => void): string {
  if (Array.isArray(value)) return `${value.length === 0 ? 'string' : typeOf(name, value[0] as Json, describe)}[]`;
  const row = asRow(value);
  if (row !== undefined) {
    if (name.endsWith('.tags')) return 'map[string]string';
    describe(name, row);
    return name;
  }
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double';
  return scalarText(value);
}

function scalarText(value: Json): string {
  if (typeof value !== 'string') return 'string';
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return 'datetime';
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date';
  return 'string';
}
