import type { NamespaceType, Property } from '@fairlead/engine-cce';
import type { Answerable } from './json.ts';
import { sortedByKey } from './reply.ts';

/** What a namespace of a class holds as JSON Schema (2020-12): every value is a string, whatever its type means (cce 0.2). */
export function jsonSchemaOf(namespace: NamespaceType): Answerable {
  const { name, version, properties } = namespace;
  return {
    title: nameOf(namespace),
    description: `Version ${version}${name === '' ? '' : `, namespace ${name}`}`,
    type: 'object',
    properties: new Map([...sortedByKey(properties)].map(([key, property]) => [key, propertySchema(property)])),
    additionalProperties: false,
  };
}

/** `User`, `User.Email`. */
export function nameOf({ class: className, name }: NamespaceType): string {
  return name === '' ? className : `${className}.${name}`;
}

/** The expression of a type is POSIX, that of JSON Schema is not: it stands beside, under a name of its own. */
function propertySchema({ type, default: preset, array, optional }: Property): Answerable {
  const element = { type: 'string', enum: type.kind === 'enum' && !array ? enumOf(type.data, optional) : undefined };
  return {
    ...element,
    default: preset,
    'x-cce-type': type.name,
    'x-cce-pattern': type.kind === 're' ? type.data : undefined,
    'x-cce-array': array ? true : undefined,
  };
}

function enumOf(words: string, optional: boolean): string[] {
  return optional ? ['', ...words.split('|')] : words.split('|');
}
