/** An object of an answer; nothing is believed about its members. */
export type Row = Readonly<Record<string, unknown>>;

export function asRow(value: unknown): Row | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
}

/** The member of an object; `undefined` of anything else. */
export function memberOf(value: unknown, name: string): unknown {
  const row = asRow(value);
  return row !== undefined && Object.hasOwn(row, name) ? row[name] : undefined;
}

/** Text that says something: not empty, not blank. */
export function textOf(value: unknown, name: string): string | undefined {
  return asText(memberOf(value, name));
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A finite number, also where it was written as text, or as the client gives large ones. */
export function numberOf(value: unknown, name: string): number | undefined {
  return asNumber(memberOf(value, name));
}

export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && /^-?\d{1,15}(?:\.\d{1,9})?$/.test(value)) return Number(value);
  return undefined;
}

export function flagOf(value: unknown, name: string): boolean | undefined {
  const flag = memberOf(value, name);
  return typeof flag === 'boolean' ? flag : undefined;
}

/** The objects of a list, without whatever else is in it. */
export function rowsIn(value: unknown): Row[] {
  if (!Array.isArray(value)) return [];
  return value.map(asRow).filter((row) => row !== undefined);
}

export function textsIn(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map(asText).filter((text) => text !== undefined);
}

/** An id as text; `undefined` for what is neither text nor a number. */
export function asId(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return asText(value);
}

/** A type whose members may be absent where they might be `undefined`. */
type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The members that are there. */
export function compact<T extends object>(given: T): Compact<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Compact<T>;
}

/** The same, or nothing where none is there. */
export function compactOrNone<T extends object>(given: T): Compact<T> | undefined {
  const kept = compact(given);
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** A list that has something. */
export function someOf<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
