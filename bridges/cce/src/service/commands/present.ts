import { unpackArray } from '@fairlead/cscp/codec';
import type { Property } from '@fairlead/engine-cce';
import type { Answerable } from '../../map/json.ts';
import { sortedByKey } from '../../map/reply.ts';
import type { Call } from './call.ts';

/** Whether answers need to know the class of what they show. */
export function needsSchema({ request }: Call): boolean {
  return request.options.arrays || request.options.typed;
}

/** The values of one namespace in the shape that was asked for (cce 12.3): text, or lists and numbers where the schema says so. */
export function present(
  call: Call,
  where: { readonly class: string; readonly namespace: string },
  values: ReadonlyMap<string, string>,
): Answerable {
  const sorted = sortedByKey(values);
  if (!needsSchema(call)) return sorted;
  const properties = call.parts.backend.schema.classes.get(where.class)?.namespaces.get(where.namespace)?.properties;
  return new Map([...sorted].map(([key, value]) => [key, presentValue(call, value, properties?.get(key))]));
}

const WHOLE = /^-?\d{1,15}$/;

function presentValue({ request }: Call, value: string, property: Property | undefined): Answerable {
  if (property?.array === true) return request.options.arrays ? [...unpackArray(value)] : value;
  if (!request.options.typed || property === undefined) return value;
  const type = property.type.name;
  if (type === 'boolean' && (value === '0' || value === '1')) return value === '1';
  return (type === 'int' || type === 'uint') && WHOLE.test(value) ? Number(value) : value;
}
