import { codecError, REASONS } from '../errors.ts';
import { parseBoolean } from './parameters.ts';
import type { EnumField, ScalarField } from './schema/fields.ts';
import { legalXml } from './xml-text.ts';

/** The years 0000 to 9999: others have another ISO form, which clients do not read. */
const FIRST_DATE_MS = -62_167_219_200_000;
const LAST_DATE_MS = 253_402_300_799_999;
const ISO_DATE = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

type Scalar = string | number | boolean;

export interface ReadValueOptions {
  /** Keeps enum values that the table does not know, for reading the answers of other engines. */
  readonly openEnums: boolean;
}

/**
 * One value as it came in, in either form of either format (oVirt 2.4): `undefined` when it counts as absent.
 * Throws `OVIRT_WIRE_BAD_VALUE` naming `path`.
 */
export function readScalar(field: ScalarField | EnumField, raw: Scalar, path: string, options: ReadValueOptions): Scalar | undefined {
  if (field.kind === 'string') return raw === '' ? undefined : readText(String(raw), path, options);
  const text = String(raw).trim();
  if (text === '') return undefined;
  switch (field.kind) {
    case 'boolean':
      return parseBoolean(text) ?? refuse(path, text, 'a boolean');
    case 'integer':
      return readInteger(text) ?? refuse(path, text, 'a whole number');
    case 'decimal':
      return readDecimal(text) ?? refuse(path, text, 'a number');
    case 'date':
      return readDate(text) ?? refuse(path, text, 'a date');
    case 'enum':
      return readEnum(field, text) ?? (options.openEnums ? text : refuseEnum(field, path, text));
  }
}

/** A value as text: the same in XML and, but for dates, in JSON. Throws `OVIRT_WIRE_UNWRITABLE` for what the schema does not allow. */
export function scalarText(field: ScalarField | EnumField, value: unknown, path: string): string {
  if (field.kind === 'enum') return field.values.includes(String(value)) ? String(value) : unwritable(path, value);
  if (field.kind === 'string') return typeof value === 'string' ? value : unwritable(path, value);
  if (field.kind === 'boolean') return typeof value === 'boolean' ? String(value) : unwritable(path, value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return unwritable(path, value);
  if (field.kind === 'date') return dateText(value, path);
  if (field.kind === 'integer' && !Number.isSafeInteger(value)) return unwritable(path, value);
  return plainNumber(value);
}

/** A date for JSON: milliseconds since 1970. */
export function dateNumber(value: unknown, path: string): number {
  if (typeof value !== 'number' || !isDate(value)) return unwritable(path, value);
  return Math.trunc(value) + 0;
}

/** What XML cannot carry comes in JSON alone: a caller may not name anything so; of another engine's answer it is left out. */
function readText(text: string, path: string, { openEnums }: ReadValueOptions): string {
  const legal = legalXml(text);
  if (legal !== text && !openEnums) return refuse(path, legal, 'a text without control characters');
  return legal;
}

/** Parses ISO-8601; a date without offset is UTC. `undefined` when it is none. */
function parseIsoDate(text: string): number | undefined {
  const match = ISO_DATE.exec(text);
  if (match === null) return undefined;
  const [, day, time = '00:00:00', offset = 'Z'] = match;
  const ms = Date.parse(`${day}T${time.replace(',', '.')}${offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  return isDate(ms) ? ms : undefined;
}

function dateText(value: number, path: string): string {
  if (!isDate(value)) return unwritable(path, value);
  return new Date(value).toISOString().replace('Z', '+00:00');
}

function isDate(value: number): boolean {
  return value >= FIRST_DATE_MS && value <= LAST_DATE_MS;
}

/** Never an exponent: XML Schema's `decimal` knows none. */
function plainNumber(value: number): string {
  const text = String(value + 0);
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

function readInteger(text: string): number | undefined {
  if (!/^[+-]?\d{1,16}$/.test(text)) return undefined;
  const value = Number(text) + 0;
  return Number.isSafeInteger(value) ? value : undefined;
}

function readDecimal(text: string): number | undefined {
  return /^[+-]?\d{1,16}(\.\d{1,20})?$/.test(text) ? Number(text) + 0 : undefined;
}

function readDate(text: string): number | undefined {
  if (!/^-?\d{1,16}$/.test(text)) return parseIsoDate(text);
  const ms = Number(text) + 0;
  return isDate(ms) ? ms : undefined;
}

/** The engine compares without case. */
function readEnum(field: EnumField, text: string): string | undefined {
  const wanted = text.toLowerCase();
  return field.values.includes(wanted) ? wanted : undefined;
}

function refuse(path: string, text: string, wanted: string): never {
  throw codecError('OVIRT_WIRE_BAD_VALUE', REASONS.value, `${path} is not ${wanted}: ${excerpt(text)}`);
}

function refuseEnum(field: EnumField, path: string, text: string): never {
  throw codecError('OVIRT_WIRE_BAD_VALUE', REASONS.enumeration, `${path} is none of ${field.values.join(', ')}: ${excerpt(text)}`);
}

function unwritable(path: string, value: unknown): never {
  throw codecError('OVIRT_WIRE_UNWRITABLE', REASONS.failed, `${path} cannot be written: ${excerpt(String(value))}`);
}

/** A foreign value that is short enough for a slip of the keyboard; a longer one may be a secret in the wrong place. */
export function excerpt(text: string): string {
  return text.length <= 24 ? text : `a text of ${text.length} characters`;
}
