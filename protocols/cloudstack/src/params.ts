import type { Pairs } from './auth.ts';

type Scalar = string | number | boolean;
type ScalarMap = Readonly<Record<string, Scalar | undefined>>;

/**
 * Parameters of a command. `undefined` is left out; a list becomes a comma separated value; a map becomes `name[0].key=value`;
 * a list of maps becomes `name[0].key=value`, `name[1].key=value` (ovirt spec 9.5).
 */
export type Params = Readonly<Record<string, Scalar | readonly Scalar[] | ScalarMap | readonly ScalarMap[] | undefined>>;

/** Flattens parameters into wire pairs. */
export function toPairs(command: string, params: Params): Pairs {
  const pairs: Array<readonly [string, string]> = [['command', command]];
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    if (typeof value !== 'object') pairs.push([name, String(value)]);
    else if (!isList(value)) pairs.push(...mapPairs(`${name}[0]`, value));
    else if (isListOfMaps(value)) value.forEach((map, index) => void pairs.push(...mapPairs(`${name}[${index}]`, map)));
    else pairs.push([name, value.join(',')]);
  }
  return pairs;
}

function mapPairs(prefix: string, map: ScalarMap): Array<readonly [string, string]> {
  return Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : [[`${prefix}.${key}`, String(value)] as const]));
}

function isList(value: readonly Scalar[] | ScalarMap | readonly ScalarMap[]): value is readonly Scalar[] | readonly ScalarMap[] {
  return Array.isArray(value);
}

function isListOfMaps(value: readonly Scalar[] | readonly ScalarMap[]): value is readonly ScalarMap[] {
  return value.length > 0 && value.every((item) => typeof item === 'object');
}
