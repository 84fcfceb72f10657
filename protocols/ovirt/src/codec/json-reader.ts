import { codecError, REASONS } from '../errors.ts';
import type { EnumField, Field, ListField, ScalarField } from './schema/fields.ts';
import { entriesOf, fieldsOf } from './schema/index.ts';
import { type ReadValueOptions, readScalar } from './values.ts';
import { isAbsent, isPresent } from './xml-reader.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Parses text as JSON after measuring its depth. Throws `OVIRT_WIRE_BAD_JSON` or `OVIRT_WIRE_TOO_DEEP`. */
export function parseJson(text: string, maxDepth: number): unknown {
  measureDepth(text, maxDepth);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw codecError('OVIRT_WIRE_BAD_JSON', REASONS.syntax, 'The JSON cannot be read.', { cause: error });
  }
}

/** One object. Unknown keys are passed over; null, "" and {} count as absent (oVirt 2.4). */
export function readJsonStruct(type: string, json: unknown, path: string, options: ReadValueOptions): Record<string, unknown> {
  if (!isObject(json)) throw misfit(path, 'an object');
  const object: Record<string, unknown> = {};
  for (const [key, field] of entriesOf(type)) {
    const raw = Object.hasOwn(json, key) ? json[key] : undefined;
    if (isNothing(raw)) continue;
    const value = readField(field, raw, `${path}.${key}`, options);
    if (value !== undefined) object[key] = value;
  }
  return object;
}

/** The items of a list in any form that is met: `{"vm":[…]}`, `{"vm":{…}}`, `[…]`. */
export function jsonItems(item: string, json: unknown, path: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  if (!isObject(json)) throw misfit(path, 'a list');
  const inner = Object.hasOwn(json, item) ? json[item] : undefined;
  if (inner === undefined || inner === null || inner === '') return [];
  return Array.isArray(inner) ? inner : [inner];
}

/** Takes off a wrapper that some clients put around an object, `{"vm":{…}}`, where it cannot be a field of the object itself. */
export function unwrapJson(type: string, json: unknown): unknown {
  if (!isObject(json) || Object.hasOwn(fieldsOf(type), type)) return json;
  const keys = Object.keys(json);
  const inner = keys.length === 1 && keys[0] === type ? json[type] : undefined;
  return isObject(inner) ? inner : json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readField(field: Field, raw: unknown, path: string, options: ReadValueOptions): unknown {
  if (field.kind === 'list') return readList(field, raw, path, options);
  if (field.kind !== 'struct') return readJsonScalar(field, raw, path, options);
  if (Array.isArray(raw) && raw.length === 0) return undefined;
  const object = readJsonStruct(field.type, raw, path, options);
  return isAbsent(object, field.needsId) ? undefined : object;
}

function readList(field: ListField, raw: unknown, path: string, options: ReadValueOptions): unknown {
  const { of } = field;
  const raws = field.wrapped || Array.isArray(raw) ? jsonItems(field.item, raw, path) : [raw];
  const items = raws
    .filter((item) => !isNothing(item))
    .map((item) => (of.kind === 'struct' ? structItem(of.type, item, path, options) : readJsonScalar(of, item, path, options)))
    .filter(isPresent);
  return field.wrapped || items.length > 0 ? items : undefined;
}

function structItem(type: string, item: unknown, path: string, options: ReadValueOptions): Record<string, unknown> | undefined {
  const object = readJsonStruct(type, item, path, options);
  return isAbsent(object) ? undefined : object;
}

function readJsonScalar(field: ScalarField | EnumField, raw: unknown, path: string, options: ReadValueOptions): unknown {
  if (typeof raw === 'string' || typeof raw === 'boolean' || typeof raw === 'number') return readScalar(field, raw, path, options);
  throw misfit(path, 'a single value');
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (isObject(value) && Object.keys(value).length === 0);
}

/** Counts brackets outside strings, so that no parser has to follow them down. */
function measureDepth(text: string, maxDepth: number): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > maxDepth) throw codecError('OVIRT_WIRE_TOO_DEEP', REASONS.syntax, `The JSON is nested deeper than ${maxDepth} levels.`);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

function misfit(path: string, wanted: string): Error {
  return codecError('OVIRT_WIRE_BAD_VALUE', REASONS.value, `${path} is not ${wanted}.`);
}
