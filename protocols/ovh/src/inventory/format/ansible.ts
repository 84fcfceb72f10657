import type { InventoryRecord } from '../record.ts';
import { type Host, hostsOf, placeOf, safeName } from './hosts.ts';

type Value = string | number | boolean | { readonly __ansible_unsafe: string } | readonly Value[] | { readonly [name: string]: Value };

/** What Ansible takes as the name of a host as it is. */
const HOST_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;
/** Ansible would run what stands in there. */
const TEMPLATE = /\{[{%#]/;

/**
 * What a dynamic inventory of Ansible prints for `--list`: machines in groups by kind, place, state and tag, with their variables
 * in `_meta`. Servers and VPS are called by their service name, which stays; instances by their own name while it is the only one.
 */
export function toAnsible(records: readonly InventoryRecord[]): string {
  const hosts = named(hostsOf(records));
  const groups = new Map<string, string[]>();
  for (const [name, { record }] of hosts) {
    for (const group of groupsOf(record)) {
      const members = groups.get(group) ?? [];
      members.push(name);
      groups.set(group, members);
    }
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  const inventory = {
    _meta: { hostvars: Object.fromEntries([...hosts].map(([name, host]) => [name, variablesOf(host)])) },
    all: { children: sorted.map(([group]) => group) },
    ...Object.fromEntries(sorted.map(([group, members]) => [group, { hosts: members }])),
  };
  return `${JSON.stringify(inventory, null, 2)}\n`;
}

/** Each machine under a name of its own. */
function named(hosts: readonly Host[]): Map<string, Host> {
  const counts = new Map<string, number>();
  for (const { record } of hosts) counts.set(record.displayName, (counts.get(record.displayName) ?? 0) + 1);
  const services = new Set(hosts.map(({ record }) => record.name));
  const result = new Map<string, Host>();
  for (const host of hosts) {
    const { kind, name, displayName } = host.record;
    const ownName = kind === 'cloud-instance' && counts.get(displayName) === 1 && !services.has(displayName) && HOST_NAME.test(displayName);
    result.set(free(ownName ? displayName : name, result), host);
  }
  return result;
}

function free(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  const safe = HOST_NAME.test(wanted) ? wanted : `host_${safeName(wanted).slice(0, 200)}`;
  let name = safe;
  for (let n = 2; taken.has(name); n += 1) name = `${safe}_${n}`;
  return name;
}

function groupsOf(record: InventoryRecord): string[] {
  const place = placeOf(record);
  const tags = Object.entries(record.tags ?? {}).map(([key, value]) => safeName(value === '' ? `tag_${key}` : `tag_${key}_${value}`));
  const groups = [safeName(record.kind), safeName(`state_${record.state}`), ...tags];
  if (place !== undefined) groups.push(safeName(`region_${place}`));
  return [...new Set(groups)];
}

function variablesOf({ record, address }: Host): Record<string, Value> {
  const { location, service } = record;
  const known: Record<string, Value | undefined> = {
    ansible_host: address ?? record.hostname,
    ovh_id: record.id,
    ovh_kind: record.kind,
    ovh_name: record.name,
    ovh_display_name: record.displayName,
    ovh_account: record.account,
    ovh_endpoint: record.endpoint,
    ovh_state: record.state,
    ovh_raw_state: record.rawState,
    ovh_hostname: record.hostname,
    ovh_model: record.model,
    ovh_datacenter: location?.datacenter,
    ovh_region: location?.region,
    ovh_zone: location?.zone,
    ovh_rack: location?.rack,
    ovh_os: record.os,
    ovh_project: record.project?.name ?? record.project?.id,
    ovh_ips: record.ips?.map((entry) => entry.address),
    ovh_macs: record.macs,
    ovh_tags: record.tags,
    ovh_expires: service?.expires,
    ovh_auto_renew: service?.autoRenew,
  };
  const present = Object.entries(known).filter((pair): pair is [string, Value] => pair[1] !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, inert(value)]));
}

/** Text that looks like a template is marked as one that is not to be run: customers write names and tags. */
function inert(value: Value): Value {
  if (typeof value === 'string') return TEMPLATE.test(value) ? { __ansible_unsafe: value } : value;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(inert);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inert(inner)]));
}
