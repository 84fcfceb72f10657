import { invalid } from '../api-error.ts';
import type { CommandTable, Context } from '../command.ts';
import { SAMPLES } from '../data/samples.ts';
import type { ImageStore, Iso, Network, OsType } from '../model.ts';
import { pageOf } from '../paging.ts';
import { dateText } from '../time.ts';
import { ownerView } from '../views/owner.ts';

/** What the server and its zone consist of, beside hosts and pools; read only. */
export const platformCommands: CommandTable = {
  listRoles: ({ cloud, params }) => {
    const [id, type] = [params.text('id'), params.text('type')];
    const rows = cloud.roles.filter((row) => (id ?? row.id) === row.id && (type ?? row.type) === row.type);
    return pageOf(params, 'role', rows, ({ n: _n, isPublic: ispublic, ...row }) => ({
      ...row,
      isdefault: true,
      state: 'enabled',
      ispublic,
    }));
  },
  listImageStores: (context) => pageOf(context.params, 'imagestore', context.cloud.imageStores, (row) => imageStoreView(context, row)),
  listManagementServers: (context) => pageOf(context.params, 'managementserver', [context.cloud], () => managementServerView(context)),
  listSystemVms: (context) => pageOf(context.params, 'systemvm', SAMPLES.systemVms, (row) => ({ ...row, ...placeOf(context) })),
  listPublicIpAddresses: (context) => pageOf(context.params, 'publicipaddress', implemented(context), (row) => publicIpView(context, row)),
  listNetworkOfferings: ({ params }) => pageOf(params, 'networkoffering', SAMPLES.networkOfferings, (row) => row),
  listHypervisors: ({ params }) => pageOf(params, 'hypervisor', SAMPLES.hypervisors, (row) => row),
  listHypervisorCapabilities: ({ params }) => pageOf(params, 'hypervisorCapabilities', SAMPLES.hypervisorCapabilities, (row) => row),
  listGuestOsMapping: ({ params, cloud }) => pageOf(params, 'guestosmapping', cloud.osTypes, mappingView),
  listOsCategories: ({ params, cloud }) => pageOf(params, 'oscategory', categories(cloud.osTypes), (row) => row),
  listIsos: (context) => pageOf(context.params, 'iso', isos(context), (row) => isoView(context, row)),
};

function placeOf({ cloud }: Context): object {
  return { zoneid: cloud.zone.id, zonename: cloud.zone.name };
}

function imageStoreView(context: Context, row: ImageStore): object {
  return { ...SAMPLES.imageStore, id: row.id, name: row.name, url: row.url, ...placeOf(context) };
}

function managementServerView({ cloud }: Context): object {
  const agents = cloud.hosts.map((host) => host.id);
  const counts = { agentscount: agents.length, pendingjobscount: cloud.jobs.pending.length };
  return { ...SAMPLES.managementServer, id: cloud.managementServerId, agents, lastagents: agents, ...counts };
}

/** Each network in use has an address of its own for what goes out. */
function implemented({ cloud, caller, params }: Context): Network[] {
  const wide = params.flag('listall') && caller.role === 'a';
  return cloud.networks.filter((row) => row.implemented && (wide || row.owner === caller.account));
}

function publicIpView(context: Context, row: Network): object {
  const { account: _account, ...rest } = SAMPLES.publicIpAddress;
  return {
    ...rest,
    id: row.id,
    ipaddress: `203.0.113.${1 + (row.n % 250)}`,
    allocated: dateText(row.created),
    ...placeOf(context),
    ...ownerView(row.owner),
    associatednetworkid: row.id,
    associatednetworkname: row.name,
  };
}

function mappingView(row: OsType): object {
  return {
    id: row.id,
    hypervisor: 'KVM',
    hypervisorversion: 'default',
    ostypeid: row.id,
    osdisplayname: row.description,
    osnameforhypervisor: row.description.replace(/ \(.*$/, ''),
    isuserdefined: 'false',
  };
}

/** The first operating system of a category lends it its id. */
function categories(osTypes: readonly OsType[]): object[] {
  const byName = new Map(osTypes.toReversed().map((row) => [row.category, row]));
  return [...byName].map(([name, { id }]) => ({ id, name, isfeatured: true }));
}

function isos({ cloud, caller, params }: Context): Iso[] {
  if (params.text('isofilter') === 'all' && caller.role !== 'a') throw invalid('Filter all can be specified by admin only');
  const [id, name] = [params.text('id'), params.text('name')];
  return cloud.isos.filter((row) => (id ?? row.id) === row.id && (name ?? row.name) === row.name);
}

function isoView({ caller }: Context, row: Iso): object {
  const { status, downloaddetails, ...rest } = SAMPLES.iso;
  const { id, name, displaytext, osType } = row;
  const admin = caller.role === 'a' ? { status, downloaddetails } : {};
  return { ...rest, ...admin, id, name, displaytext, ostypeid: osType.id, ostypename: osType.description };
}
