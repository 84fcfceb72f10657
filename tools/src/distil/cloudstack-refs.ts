import type { Recording } from './cloudstack-recordings.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Keys under which objects stand, and the field that names one. */
const NAMED: Readonly<Record<string, string>> = {
  virtualmachine: 'name',
  volume: 'name',
  network: 'name',
  zone: 'name',
  pod: 'name',
  cluster: 'name',
  host: 'hypervisor',
  storagepool: 'name',
  serviceoffering: 'name',
  diskoffering: 'name',
  template: 'name',
  ostype: 'description',
  account: 'name',
  user: 'username',
  domain: 'name',
  project: 'name',
  nic: 'networkname',
  snapshot: 'name',
  vmsnapshot: 'displayname',
  vmSnapshot: 'displayname',
};

/** Every id that an answer gave a name to: `vm-one` of `virtualmachine` becomes `virtualmachine/vm-one`. */
export function namesOf(recordings: readonly Recording[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { body } of recordings) collect(body, names);
  return names;
}

/** Ids in a request by their names, `{virtualmachine/vm-one}`; other ids are `{id}`, but for the one that is all zero. */
export function withNames(request: Readonly<Record<string, string>>, names: ReadonlyMap<string, string>): Record<string, string> {
  const entries = Object.entries(request).map(([key, value]) => {
    const text = String(value).replaceAll(UUID, (id) => (/^[0-]+$/.test(id) ? id : `{${names.get(id) ?? 'id'}}`));
    return [key, text] as const;
  });
  return Object.fromEntries(entries);
}

function collect(value: unknown, names: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const field = NAMED[key];
    for (const object of field === undefined ? [] : [item].flat()) addName(key, field ?? '', object, names);
    collect(item, names);
  }
}

function addName(noun: string, field: string, object: unknown, names: Map<string, string>): void {
  if (typeof object !== 'object' || object === null) return;
  const { id, [field]: name } = object as Record<string, unknown>;
  if (typeof id === 'string' && typeof name === 'string' && !names.has(id)) names.set(id, `${noun}/${name}`);
}
