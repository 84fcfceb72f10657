import { invalid, serverApi } from '../api-error.ts';
import type { CommandTable, Context } from '../command.ts';
import { SAMPLES } from '../data/samples.ts';
import type { DiskOffering, OsType, ServiceOffering, Template } from '../model.ts';
import { pageOf } from '../paging.ts';
import { dateText } from '../time.ts';

/** Offerings, operating systems and templates. */
export const catalogueCommands: CommandTable = {
  listServiceOfferings: (context) => pageOf(context.params, 'serviceoffering', serviceOfferings(context), serviceOfferingView),
  listDiskOfferings: (context) =>
    pageOf(context.params, 'diskoffering', byIdAndName(context, context.cloud.diskOfferings), diskOfferingView),
  listOsTypes: (context) => pageOf(context.params, 'ostype', osTypes(context), (row) => osTypeView(context, row)),
  listTemplates: (context) => pageOf(context.params, 'template', templates(context), (row) => templateView(context, row)),
};

function byIdAndName<T extends { id: string; name: string }>({ params }: Context, rows: readonly T[]): T[] {
  const [id, name, keyword] = [params.text('id'), params.text('name'), params.text('keyword')];
  return rows.filter((row) => (id ?? row.id) === row.id && (name ?? row.name) === row.name && row.name.includes(keyword ?? ''));
}

function serviceOfferings(context: Context): ServiceOffering[] {
  const cpu = context.params.number('cpunumber');
  const memory = context.params.number('memory');
  return byIdAndName(context, context.cloud.serviceOfferings).filter(
    ({ fixed }) => fixed === undefined || (fixed.cpu >= (cpu ?? 0) && fixed.memoryMiB >= (memory ?? 0)),
  );
}

function serviceOfferingView(row: ServiceOffering): object {
  const shared = { id: row.id, name: row.name, displaytext: row.name, created: dateText(row.created), diskofferingid: row.diskOfferingId };
  const disk = { diskofferingname: row.name, diskofferingdisplaytext: row.name };
  if (row.fixed === undefined) return { ...SAMPLES.customServiceOffering, ...shared, ...disk };
  const { cpu, speed, memoryMiB } = row.fixed;
  return { ...SAMPLES.serviceOffering, ...shared, ...disk, cpunumber: cpu, cpuspeed: speed, memory: memoryMiB };
}

function diskOfferingView(row: DiskOffering): object {
  const { id, name, displaytext, sizeGiB } = row;
  return { ...SAMPLES.diskOffering, id, name, displaytext, disksize: sizeGiB, iscustomized: sizeGiB === 0, created: dateText(row.created) };
}

function osTypes({ params, cloud }: Context): OsType[] {
  const [id, description, keyword] = [params.text('id'), params.text('description'), params.text('keyword')?.toLowerCase()];
  return cloud.osTypes.filter(
    (row) =>
      (id ?? row.id) === row.id &&
      (description ?? row.description) === row.description &&
      row.description.toLowerCase().includes(keyword ?? ''),
  );
}

function osTypeView({ cloud }: Context, row: OsType): object {
  const first = cloud.osTypes.find((other) => other.category === row.category) ?? row;
  return {
    id: row.id,
    oscategoryid: first.id,
    oscategoryname: row.category,
    name: row.description,
    description: row.description,
    isuserdefined: false,
    fordisplay: true,
  };
}

const FILTERS = ['featured', 'self', 'selfexecutable', 'sharedexecutable', 'executable', 'community', 'all'];

function templates(context: Context): Template[] {
  const filter = context.params.text('templatefilter') ?? '';
  if (!FILTERS.includes(filter))
    throw serverApi(431, `No enum constant com.cloud.template.VirtualMachineTemplate.TemplateFilter.${filter}`);
  if (filter === 'all' && context.caller.role !== 'a') throw invalid('Filter all can be specified by admin only');
  return byIdAndName(context, context.cloud.templates).filter((row) => !row.hidden);
}

function templateView({ cloud, caller }: Context, row: Template): object {
  const { status, url, downloaddetails, ...rest } = SAMPLES.template;
  const [{ datastoreId, datastoreRole, ...download }] = downloaddetails;
  const admin = caller.role === 'a';
  return {
    ...rest,
    id: row.id,
    name: row.name,
    displaytext: row.name,
    created: dateText(row.created),
    ostypeid: row.osType.id,
    ostypename: row.osType.description,
    size: row.sizeBytes,
    zoneid: cloud.zone.id,
    zonename: cloud.zone.name,
    downloaddetails: [admin ? { ...download, datastoreId, datastoreRole } : download],
    ...(admin ? { status, url } : {}),
  };
}
