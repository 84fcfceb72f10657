import { isResource, SCHEMA, type TypeName } from './schema/index.ts';

/** Plurals that are not the singular and an s. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([['katello_erratum', 'katello_errata']]);

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
export const COLLECTIONS: readonly Collection[] = (Object.keys(SCHEMA) as TypeName[])
  .filter((type) => isResource(type) && !NOT_LISTED.has(type))
  .map((type) => ({ segment: pluralOf(type).replaceAll('_', ''), plural: pluralOf(type), type }));

const BY_SEGMENT: ReadonlyMap<string, Collection> = new Map(COLLECTIONS.map((collection) => [collection.segment, collection]));

/** The collection that a segment of a path names, without regard to case. */
export function collectionOf(segment: string): Collection | undefined {
  return BY_SEGMENT.get(segment.toLowerCase());
}
