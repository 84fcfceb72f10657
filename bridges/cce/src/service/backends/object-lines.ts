import type { InstallObject } from '@fairlead/engine-cce';

/** A list in JSON, or JSON lines as `fairlead cce export` prints them. Throws `TypeError` with the name of the file for anything else. */
export function readObjects(file: string, text: string): readonly InstallObject[] {
  const objects = text.trimStart().startsWith('[')
    ? readJson(file, text)
    : linesOf(text).map(({ line, number }) => readJson(`${file}:${number}`, line));
  if (!Array.isArray(objects)) throw somethingElse(file);
  const wrong = objects.findIndex((one) => !isInstallObject(one));
  if (wrong >= 0) throw somethingElse(`${file}, object ${wrong + 1}`);
  return objects as readonly InstallObject[];
}

function linesOf(text: string): readonly { readonly line: string; readonly number: number }[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '');
}

function readJson(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError(`${where} holds something else than JSON`, { cause });
  }
}

function somethingElse(where: string): TypeError {
  return new TypeError(`${where}: something else than objects with oid, class and values`);
}

function isInstallObject(one: unknown): one is InstallObject {
  if (typeof one !== 'object' || one === null || !('oid' in one) || !('class' in one) || !('values' in one)) return false;
  const { oid, class: name, values } = one;
  return Number.isSafeInteger(oid) && typeof name === 'string' && isRecord(values) && Object.values(values).every(isProperties);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isProperties(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((one) => typeof one === 'string' && !one.includes('\0'));
}
