import type { Field } from './schema/fields.ts';
import { entriesOf, type OvirtObject } from './schema/index.ts';
import { dateNumber, scalarText } from './values.ts';

type Json = string | number | readonly Json[] | { readonly [key: string]: Json };

/** One object, bare (oVirt 2.4). */
export function writeJson(type: string, object: OvirtObject): string {
  return JSON.stringify(structJson(type, object));
}

/** A list under the name of its items: `{"vm":[…]}`, also when it is empty. */
export function writeJsonList(type: string, objects: readonly OvirtObject[]): string {
  return JSON.stringify({ [type]: objects.map((object) => structJson(type, object)) });
}

function structJson(type: string, object: OvirtObject): Json {
  const json: Record<string, Json> = {};
  for (const [key, field] of entriesOf(type)) {
    const value = object[key];
    if (value !== undefined) json[key] = fieldJson(field, value, key);
  }
  return json;
}

/** Booleans and numbers are strings, as the engine has them; dates alone are numbers. */
function fieldJson(field: Field, value: unknown, path: string): Json {
  switch (field.kind) {
    case 'date':
      return dateNumber(value, path);
    case 'struct':
      return structJson(field.type, typeof value === 'object' && value !== null ? (value as OvirtObject) : {});
    case 'list': {
      const items = (Array.isArray(value) ? value : []).map((item) => fieldJson(field.of, item, path));
      return field.wrapped ? { [field.item]: items } : items;
    }
    default:
      return scalarText(field, value, path).toWellFormed();
  }
}
