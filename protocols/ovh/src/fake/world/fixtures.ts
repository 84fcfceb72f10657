import { asRow, type Json, type Row } from '../json.ts';

/** Objects to show in place of made-up ones (9.3). What one leaves out stays made up. */
export interface Fixtures {
  /** Over the made-up account. */
  readonly me?: Row;
  /** As `GET /dedicated/server/{s}` gives them; further members: serviceInfos, hardware, network, ips, nics, interfaces, tasks, interventions, options, vracks. */
  readonly servers?: readonly Row[];
  /** Further members: serviceInfos, ips, datacenter, image, disks. */
  readonly vps?: readonly Row[];
  /** Further members: serviceInfos, regions, instances, flavors, images, volumes, sshKeys. */
  readonly projects?: readonly Row[];
  /** Further members: serviceInfos, zone, records. */
  readonly domains?: readonly Row[];
  readonly ips?: readonly Row[];
}

/** The kinds of which there are lists. */
export const FIXTURE_KINDS = ['servers', 'vps', 'projects', 'domains', 'ips'] as const;

export type FixtureKind = (typeof FIXTURE_KINDS)[number];

/** A row with the members of another one; objects in it are merged, lists are replaced. */
export function mergedRow(made: Row, fixture: Row): Row {
  const members = Object.entries(fixture).map(([name, value]): [string, Json] => {
    const [before, after] = [asRow(made[name]), asRow(value)];
    return [name, before === undefined || after === undefined ? value : mergedRow(before, after)];
  });
  return { ...made, ...Object.fromEntries(members) };
}

/** What a made-up thing is called. */
export interface Naming {
  /** The part that has the members of the object itself. */
  readonly main: string;
  /** Its member that is the name. */
  readonly id: string;
  /** All services, in which that of the thing is changed, too. */
  readonly services: Map<number, Row>;
}

type Names = readonly [made: string, wanted: string];
type Part = Row | string[] | ReadonlyMap<string | number, Row>;

/** Which member of the rows of a part is their key. */
const KEYS: Readonly<Record<string, string>> = {
  nics: 'mac',
  interfaces: 'uuid',
  tasks: 'taskId',
  interventions: 'interventionId',
  options: 'option',
  regions: 'name',
};

/**
 * A made-up thing as a fixture wants it: members that are named like one of its parts replace or complete that, the others belong to the object.
 * The made-up name and address are replaced by the fixture's wherever they stand. Throws a TypeError that names a member of another form.
 */
export function dressed<T extends object>(made: T, fixture: Row | undefined, { main, id, services }: Naming): T {
  if (fixture === undefined) return made;
  const before = made as unknown as Readonly<Record<string, Part>>;
  const object = before[main] as Row;
  for (const member of [id, 'ip']) {
    if (Object.hasOwn(fixture, member) && typeof fixture[member] !== 'string')
      throw new TypeError(`The member ${member} of a fixture has to be a text`);
  }
  const names = [id, 'ip'].map((member): Names => [String(object[member]), String(fixture[member] ?? object[member])]);
  const parts: Record<string, Part> = { ...names.reduce((thing, pair) => renamed(thing, pair), before) };
  for (const [member, value] of Object.entries(fixture)) {
    const part = member === main ? undefined : parts[member];
    if (part === undefined) parts[main] = mergedRow(parts[main] as Row, { [member]: value });
    else parts[member] = completed(member, part, value);
  }
  changeService(services, names[0] ?? ['', ''], before.serviceInfos as Row | undefined, parts.serviceInfos as Row | undefined);
  return parts as unknown as T;
}

function completed(member: string, part: Part, value: Json): Part {
  if (part instanceof Map) return keyed(member, value);
  if (Array.isArray(part)) {
    if (!Array.isArray(value)) throw new TypeError(`The member ${member} of a fixture has to be a list`);
    return value.map(String);
  }
  const row = asRow(value);
  if (row === undefined) throw new TypeError(`The member ${member} of a fixture has to be an object`);
  return mergedRow(part as Row, row);
}

function keyed(member: string, value: Json): ReadonlyMap<string | number, Row> {
  const key = KEYS[member] ?? 'id';
  const entries = (Array.isArray(value) ? value : [value]).map((entry: Json): [string | number, Row] => {
    const row = asRow(entry);
    const id = row?.[key];
    if (row === undefined || (typeof id !== 'string' && typeof id !== 'number')) {
      throw new TypeError(`The member ${member} of a fixture has to be a list of objects with ${key}`);
    }
    return [id, row];
  });
  return new Map(entries);
}

/** The service has another name, id or day among all services, too. */
function changeService(services: Map<number, Row>, names: Names, before?: Row, after?: Row): void {
  const row = services.get(Number(before?.serviceId));
  if (row === undefined || before === undefined || after === undefined) return;
  const dated = renamed(renamed(row, names), [`${String(before.expiration)}T`, `${String(after.expiration)}T`]);
  services.delete(Number(before.serviceId));
  services.set(Number(after.serviceId), { ...dated, serviceId: after.serviceId ?? null });
}

/** A copy in which every text has the new name where the old one stood. */
function renamed<T>(value: T, [old, wanted]: Names): T {
  if (old === wanted) return value;
  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return part.replaceAll(old, wanted);
    if (Array.isArray(part)) return part.map(copy);
    if (part instanceof Map) return new Map([...part].map(([key, row]) => [copy(key), copy(row)]));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([member, entry]) => [member, copy(entry)]));
  };
  return copy(value) as T;
}
