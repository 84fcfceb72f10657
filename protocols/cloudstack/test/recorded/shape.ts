import type { Recorded, TypeCode } from './case.ts';

/** Compares answers with recorded shapes. */
interface ShapeChecker {
  /** One line for each key that is missing, too much, or of another type. */
  differences(expected: TypeCode, actual: unknown, path?: string): string[];
}

/** @param tolerated paths (without list marks) that may differ, because the README says so */
export function shapeChecker(shapes: Recorded['shapes'], tolerated: readonly RegExp[]): ShapeChecker {
  function differences(expected: TypeCode, actual: unknown, path = ''): string[] {
    if (tolerated.some((pattern) => pattern.test(path))) return [];
    if (Array.isArray(expected)) return listDifferences(expected as readonly TypeCode[], actual, path);
    const code = expected as string;
    if (code.startsWith('#')) return objectDifferences(shapes[Number(code.slice(1))] ?? {}, actual, path);
    return code === codeOf(actual) ? [] : [`${path}: recorded ${code}, is ${codeOf(actual)}`];
  }

  function listDifferences([item, mayBeEmpty]: readonly TypeCode[], actual: unknown, path: string): string[] {
    if (!Array.isArray(actual)) return [`${path}: recorded a list, is ${codeOf(actual)}`];
    if (item === undefined) return [];
    if (actual.length === 0) return mayBeEmpty === '?' ? [] : [`${path}: recorded items, is empty`];
    return [...new Set(actual.flatMap((one: unknown) => differences(item, one, path)))];
  }

  function objectDifferences(shape: Readonly<Record<string, TypeCode>>, actual: unknown, path: string): string[] {
    if (codeOf(actual) !== 'm') return [`${path}: recorded an object, is ${codeOf(actual)}`];
    const object = actual as Record<string, unknown>;
    const known = new Map(Object.entries(shape).map(([key, code]) => [key.replace(/\?$/, ''), { code, optional: key.endsWith('?') }]));
    const extra = Object.keys(object).filter((key) => !known.has(key) && !tolerated.some((pattern) => pattern.test(`${path}.${key}`)));
    const fields = [...known].flatMap(([key, { code, optional }]) => {
      if (key in object) return differences(code, object[key], `${path}.${key}`);
      return optional || tolerated.some((pattern) => pattern.test(`${path}.${key}`)) ? [] : [`${path}.${key}: missing`];
    });
    return [...extra.map((key) => `${path}.${key}: not recorded`), ...fields];
  }

  return { differences };
}

function codeOf(value: unknown): string {
  if (value === null) return 'z';
  if (Array.isArray(value)) return 'list';
  const codes: Readonly<Record<string, string>> = { string: 's', number: 'n', boolean: 'b', object: 'm' };
  return codes[typeof value] ?? typeof value;
}
