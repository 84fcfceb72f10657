import type { AllowLists } from './caller.ts';
import type { KindName } from './inventory-kinds.ts';

/** Objects in these states stay as they are; others are about to change. */
const RESTING: ReadonlySet<string> = new Set(['Running', 'Stopped', 'Ready', 'Allocated', 'Error']);

export function isResting(kind: KindName, item: object): boolean {
  if (kind !== 'vm' && kind !== 'volume') return true;
  return 'state' in item && RESTING.has(String(item.state));
}

/** Whether the allow lists, and for what hangs below a zone the zones that the caller sees, leave an object. */
export function isAllowed(
  kind: KindName,
  item: { readonly id: string },
  allow: AllowLists,
  zones: ReadonlySet<string> | undefined,
): boolean {
  const { zoneid, zonename, name } = item as { zoneid?: string; zonename?: string; name?: string };
  if (zones !== undefined && !zones.has(zoneid ?? '')) return false;
  switch (kind) {
    case 'zone':
      return isNamed(allow.zones, item.id, name);
    case 'pool':
      return isNamed(allow.pools, item.id, name);
    case 'network':
      return isNamed(allow.networks, item.id, name) && isNamed(allow.zones, zoneid, zonename);
    case 'vm':
    case 'volume':
      return isNamed(allow.zones, zoneid, zonename);
    default:
      return true;
  }
}

function isNamed(names: ReadonlySet<string> | undefined, id: string | undefined, name: string | undefined): boolean {
  return names === undefined || names.has(id ?? '') || names.has(name ?? '');
}
