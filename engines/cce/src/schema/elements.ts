import type { RuleDefinition } from './schema.ts';

/** The elements of the language and their attributes (cce 2.3). */
const ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  schema: new Set(['name', 'vendor', 'version']),
  class: new Set(['name', 'namespace', 'version', 'createacl', 'destroyacl', 'defaultreadacl', 'defaultwriteacl']),
  property: new Set(['name', 'type', 'default', 'optional', 'array', 'readacl', 'writeacl', 'nosave']),
  typedef: new Set(['name', 'type', 'data', 'errmsg']),
  rule: new Set(['name', 'type', 'data']),
  matchtype: new Set(['name', 'type', 'data']),
  index: new Set(['name', 'property', 'sort', 'unique']),
};

export const RULE_KINDS: readonly RuleDefinition['kind'][] = ['builtin', 'acl', 'exec', 'perl', 'native'];
/** Shown by GET for every object, so no class can have them. */
export const MAGIC: ReadonlySet<string> = new Set(['OID', 'CLASS', 'NAMESPACE', 'CLASSVER']);
/** What a command can name (cce 1.4). */
export const NAME = /^[A-Za-z0-9_][A-Za-z0-9_+-]*$/;
/** Words that only the original takes as true. */
export const FALSE_WORDS: ReadonlySet<string> = new Set(['no', 'false', 'off']);

/** The attributes of an element; undefined when there is no such element. */
export function attributesOf(element: string): ReadonlySet<string> | undefined {
  return Object.hasOwn(ATTRIBUTES, element) ? ATTRIBUTES[element] : undefined;
}

/** For messages. */
export function fullName(className: string, namespace: string): string {
  return namespace === '' ? `class ${className}` : `class ${className}.${namespace}`;
}

/** The beginning of what a file says, for messages. */
export function shown(text: string): string {
  return text.slice(0, 60);
}
