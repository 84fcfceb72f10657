import { asRow, type Json, type Row } from '../json.ts';
import { refuse } from '../refusal.ts';
import type { ParameterTypes, Route } from './route.ts';

type Check = (value: Json) => boolean;

const text: Check = (value) => typeof value === 'string';
const integer: Check = (value) => typeof value === 'number' && Number.isInteger(value);

const CHECKS: Readonly<Record<string, Check>> = {
  long: integer,
  double: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
};

/** The body's members. Throws a 400 when it is no JSON, or not what the route takes. */
export function bodyFor(route: Route, bytes: Buffer): Row {
  const value = bytes.length === 0 ? {} : parsed(bytes);
  if (route.body === undefined && bytes.length === 0) return {};
  const row = asRow(value);
  if (row === undefined) throw refuse.badRequest('The body has to be an object');
  for (const name of Object.keys(route.body ?? {})) checkMember(route, name, row[name]);
  refuseUnknown(Object.keys(row), route.body ?? {}, route);
  return row;
}

/** Throws a 400 when the query is not what the route takes. */
export function checkQuery(route: Route, query: URLSearchParams): void {
  const known = { ...route.query, ...route.fakeQuery };
  refuseUnknown([...query.keys()], known, route);
  for (const [name, type] of Object.entries(known)) {
    const values = query.getAll(name);
    if (values.length === 0 && !type.endsWith('?')) throw refuse.badRequest(`Missing parameter: ${name}`);
    for (const value of values) if (!queryValueFits(bareType(type), value)) throw wrongType(name, type);
  }
}

/** A type without `?` and `[]`. */
export function bareType(type: string): string {
  return type.replace('?', '').replace('[]', '');
}

function parsed(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString('utf8')) as Json;
  } catch {
    throw refuse.badRequest('The body is not valid JSON');
  }
}

function refuseUnknown(names: readonly string[], known: ParameterTypes, route: Route): void {
  const strange = names.filter((name) => !Object.hasOwn(known, name));
  if (strange.length === 0) return;
  const list = [...new Set(strange)].sort().join(', ');
  throw refuse.badRequest(`Received not described parameters: (${list}) while calling (${route.method} ${route.path})`);
}

function checkMember(route: Route, name: string, value: Json | undefined): void {
  const type = route.body?.[name] ?? '';
  if (value === undefined || value === null) {
    if (!type.endsWith('?')) throw refuse.badRequest(`Missing parameter: ${name}`);
    return;
  }
  const check = CHECKS[bareType(type)] ?? (bareType(type).includes('.') ? isObject : text);
  const good = type.includes('[]') ? Array.isArray(value) && value.every((entry: Json) => check(entry)) : check(value);
  const words = route.wrongTypeWords?.[name];
  if (!good) throw words === undefined ? wrongType(name, type) : refuse.badRequest(words);
}

function isObject(value: Json): boolean {
  return asRow(value) !== undefined;
}

function queryValueFits(type: string, value: string): boolean {
  if (type === 'long') return /^-?\d+$/.test(value);
  if (type === 'boolean') return value === 'true' || value === 'false';
  return true;
}

function wrongType(name: string, type: string) {
  return refuse.badRequest(`Given data is not valid for parameter ${name} of type ${type.replace('?', '')}`);
}
