import type { InventoryRecord, RecordError, RecordKind } from '@fairlead/ovh/inventory';

/** The call without which nothing is known of a thing but its name. */
const CORE: Readonly<Record<RecordKind, RegExp>> = {
  baremetal: /^GET \/dedicated\/server\/\{[^/]+\}$/,
  vps: /^GET \/vps\/\{[^/]+\}$/,
  'cloud-instance': /^GET \/cloud\/project\/\{[^/]+\}\/instance\/\{[^/]+\}$/,
  domain: /^GET \/domain\/\{[^/]+\}$/,
  ip: /^GET \/ip\/\{[^/]+\}$/,
};

/** What would be less, or another word, without these calls. */
const TELLS: readonly (readonly [RegExp, readonly (keyof InventoryRecord)[]])[] = [
  [/\/(specifications\/hardware|flavor)$/, ['model', 'hardware']],
  [/\/ips$/, ['ips']],
  [/\/(networkInterfaceController|virtualNetworkInterface)\b/, ['macs']],
  [/\/serviceInfos$/, ['service']],
  [/\/(images\/current|image)$/, ['os']],
  [/\/datacenter$/, ['location']],
];

/**
 * A record as it is known after a look: what its failed calls would have told is as it was.
 * @param lists failed lists; without that of all resources there are no tags
 */
export function mergedRecord(former: InventoryRecord | undefined, now: InventoryRecord, lists: readonly RecordError[]): InventoryRecord {
  if (former === undefined) return now;
  const routes = now.errors.map(({ route }) => route);
  if (routes.some((route) => CORE[now.kind].test(route))) return { ...former, errors: now.errors };
  const tags = now.tags === undefined && lists.length > 0 ? pick(former, ['tags']) : {};
  if (routes.length === 0) return { ...now, ...tags };
  const kept = TELLS.flatMap(([pattern, members]) => (routes.some((route) => pattern.test(route)) ? members : []));
  return { ...former, ...now, ...tags, ...pick(former, kept), ...openWork(former, now, routes) };
}

/** Of a list of tasks that could not be read, those of before are still open as far as we know. */
function openWork(former: InventoryRecord, now: InventoryRecord, routes: readonly string[]): Pick<InventoryRecord, 'open'> {
  const open = now.open ?? [];
  const unread = (['task', 'intervention'] as const).filter((kind) => routes.some((route) => route.toLowerCase().includes(kind)));
  if (unread.length === 0) return {};
  const missing = (former.open ?? []).filter(
    (work) => unread.includes(work.kind) && !open.some((other) => other.kind === work.kind && other.id === work.id),
  );
  return { open: [...open, ...missing] };
}

function pick(record: InventoryRecord, members: readonly (keyof InventoryRecord)[]): Partial<InventoryRecord> {
  return Object.fromEntries(members.flatMap((member) => (record[member] === undefined ? [] : [[member, record[member]]])));
}
