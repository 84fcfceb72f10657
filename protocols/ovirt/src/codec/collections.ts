import { isResource, SCHEMA, type TypeName } from './schema/index.ts';

/** Plurals that are not the singular and an s. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['katello_erratum', 'katello_errata'],
  // The spelling of the oVirt engine, and what its SDKs look for.
  ['operating_system', 'operation_systems'],
]);

/** Collections whose path is not that of their type. */
const OTHER_SEGMENTS: Readonly<Record<string, TypeName>> = {
  cpuunits: 'host_cpu_unit',
  devices: 'host_device',
  enabledfeatures: 'cluster_feature',
  externalnetworkproviders: 'external_provider',
  fenceagents: 'agent',
  mediateddevices: 'vm_mediated_device',
  numanodes: 'vm_numa_node',
  operatingsystems: 'operating_system',
  storage: 'host_storage',
};

/** The same segment means another type below hosts. */
const BELOW_HOSTS: Readonly<Record<string, TypeName>> = { nics: 'host_nic', numanodes: 'host_numa_node' };

/** Types of the table that no path lists. */
const NOT_LISTED: ReadonlySet<TypeName> = new Set(['action', 'api', 'engine_backup', 'host_nic', 'migration_policy']);

export interface Collection {
  /** As in a path, lower case: `diskattachments`. */
  readonly segment: string;
  /** Root element of the list: `disk_attachments`. */
  readonly plural: string;
  /** Type and element of one item: `disk_attachment`. */
  readonly type: TypeName;
}

/** The element that holds a list of a type. */
export function pluralOf(type: string): string {
  return IRREGULAR.get(type) ?? (type.endsWith('y') ? `${type.slice(0, -1)}ies` : `${type}s`);
}

/** Every collection that the table knows, those we only answer empty included (oVirt 4). */
export const COLLECTIONS: readonly Collection[] = [
  ...(Object.keys(SCHEMA) as TypeName[])
    .filter((type) => isResource(type) && !NOT_LISTED.has(type))
    .map((type) => collection(pluralOf(type).replaceAll('_', ''), type)),
  ...Object.entries(OTHER_SEGMENTS).map(([segment, type]) => collection(segment, type)),
];

const BY_SEGMENT: ReadonlyMap<string, Collection> = new Map(COLLECTIONS.map((collection) => [collection.segment, collection]));

/** The collection that a segment of a path names, without regard to case; `parent` is the collection that it stands below. */
export function collectionOf(segment: string, parent?: string): Collection | undefined {
  const name = segment.toLowerCase();
  const ofHost = parent?.toLowerCase() === 'hosts' ? BELOW_HOSTS[name] : undefined;
  return ofHost === undefined ? BY_SEGMENT.get(name) : collection(name, ofHost);
}

function collection(segment: string, type: TypeName): Collection {
  return { segment, plural: pluralOf(type), type };
}
