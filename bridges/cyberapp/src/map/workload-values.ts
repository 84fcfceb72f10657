import { cleanText, momentOf } from './text.ts';
import type { Attribute, WorkloadCode } from './types.ts';
import { ATTRIBUTES, type AttributeKind, BACKUP_STATUSES, STATUSES } from './workload-attributes.ts';
import { ATTRIBUTE_NAMES } from './workload-types.ts';

/** Long enough for the aliases of a site; Acronis publishes no limit. */
const MOST_TEXT = 1000;

/** The attributes of a type out of `values`: each fits the schema of the type; what is unknown, empty or of another kind is absent. */
export function attributesOf(type: WorkloadCode, key: string, values: Readonly<Record<string, unknown>>): Record<string, Attribute> {
  const attributes: Record<string, Attribute> = {};
  for (const name of ATTRIBUTE_NAMES[type]) {
    const value = READERS[ATTRIBUTES[name].kind](values[name]);
    if (value !== undefined) attributes[name] = value;
  }
  // By these two a workload is found again and shown: they are always there.
  return { ...attributes, fairlead_key: key, status: attributes.status ?? 'UNKNOWN' };
}

type Reader = (value: unknown) => Attribute | undefined;

const READERS: Readonly<Record<AttributeKind, Reader>> = {
  text: textIn,
  host: (value) => textIn(value)?.toLowerCase().replace(/\.+$/, '') || undefined,
  mac: macIn,
  time: timeIn,
  status: (value) => STATUSES.find((status) => status === value),
  backup_status: (value) => BACKUP_STATUSES.find((status) => status === value),
  integer: countIn,
  bytes: countIn,
  flag: (value) => (typeof value === 'boolean' ? value : undefined),
};

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? cleanText(value, MOST_TEXT) || undefined : undefined;
}

function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? Math.abs(value) : undefined;
}

/** The same moment always gives the same text, or it would count as a change. */
function timeIn(value: unknown): string | undefined {
  const ms = momentOf(value);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function macIn(value: unknown): string | undefined {
  const mac = typeof value === 'string' ? value.toLowerCase().replaceAll('-', ':') : '';
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) ? mac : undefined;
}
