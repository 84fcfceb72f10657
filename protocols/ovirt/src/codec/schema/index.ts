import { ENGINE } from './engine.ts';
import type { EnumField, Fields, ListField, ScalarField, StructField } from './fields.ts';
import { INFRASTRUCTURE } from './infrastructure.ts';
import { MACHINES } from './machines.ts';
import { PLAIN } from './plain.ts';
import { STORAGE } from './storage.ts';
import { STRUCTS } from './structs.ts';

/** The one resource table: type name (the XML element of one object) to its fields in XSD order. */
export const SCHEMA = { ...ENGINE, ...INFRASTRUCTURE, ...MACHINES, ...STORAGE, ...PLAIN, ...STRUCTS } as const;

type Schema = typeof SCHEMA;

/** Name of a type of the table, as its element is called: `vm`, `disk_attachment`. */
export type TypeName = keyof Schema;

type ScalarValue<Kind> = Kind extends 'string' ? string : Kind extends 'boolean' ? boolean : number;

type ValueOf<Of> = Of extends EnumField
  ? Of['values'][number]
  : Of extends StructField
    ? ObjectOf<Of['type'] & TypeName>
    : Of extends ListField
      ? readonly ValueOf<Of['of']>[]
      : Of extends ScalarField
        ? ScalarValue<Of['kind']>
        : never;

/** The object of a type: keys as on the wire, sizes in bytes, dates in milliseconds since 1970, lists as plain arrays. */
export type ObjectOf<Type extends TypeName> = { -readonly [Key in keyof Schema[Type]]?: ValueOf<Schema[Type][Key]> | undefined };

/** An object of any type, for code that walks the table. */
export type OvirtObject = Readonly<Record<string, unknown>>;

export function fieldsOf(type: string): Fields {
  const table: Readonly<Record<string, Fields>> = SCHEMA;
  const fields = Object.hasOwn(table, type) ? table[type] : undefined;
  if (fields === undefined) throw new TypeError(`no such oVirt type: ${type}`);
  return fields;
}

export interface Action extends ObjectOf<'action'> {}
export interface Api extends ObjectOf<'api'> {}
export interface Backup extends ObjectOf<'backup'> {}
export interface Checkpoint extends ObjectOf<'checkpoint'> {}
export interface Cluster extends ObjectOf<'cluster'> {}
export interface CpuProfile extends ObjectOf<'cpu_profile'> {}
export interface DataCenter extends ObjectOf<'data_center'> {}
export interface Disk extends ObjectOf<'disk'> {}
export interface DiskAttachment extends ObjectOf<'disk_attachment'> {}
export interface DiskProfile extends ObjectOf<'disk_profile'> {}
export interface Event extends ObjectOf<'event'> {}
export interface Fault extends ObjectOf<'fault'> {}
export interface Host extends ObjectOf<'host'> {}
export interface ImageTransfer extends ObjectOf<'image_transfer'> {}
export interface Initialization extends ObjectOf<'initialization'> {}
export interface Job extends ObjectOf<'job'> {}
export interface Link extends ObjectOf<'link'> {}
export interface Network extends ObjectOf<'network'> {}
export interface Nic extends ObjectOf<'nic'> {}
export interface Permission extends ObjectOf<'permission'> {}
export interface Quota extends ObjectOf<'quota'> {}
export interface ReportedDevice extends ObjectOf<'reported_device'> {}
export interface Role extends ObjectOf<'role'> {}
export interface Snapshot extends ObjectOf<'snapshot'> {}
export interface Step extends ObjectOf<'step'> {}
export interface StorageDomain extends ObjectOf<'storage_domain'> {}
export interface Tag extends ObjectOf<'tag'> {}
export interface Template extends ObjectOf<'template'> {}
export interface User extends ObjectOf<'user'> {}
export interface Vm extends ObjectOf<'vm'> {}
export interface VnicProfile extends ObjectOf<'vnic_profile'> {}

/** Whether a type is a resource, with `id` and `href`, and so may be the root of an answer. */
export function isResource(type: string): boolean {
  return 'href' in fieldsOf(type) && 'id' in fieldsOf(type);
}
