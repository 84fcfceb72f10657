import { createHash } from 'node:crypto';
import type { Binding, ClassType, NamespaceType, Property, Schema } from '@fairlead/engine-cce';
import type { Answerable } from './json.ts';
import { sortedByKey } from './reply.ts';

/** What is known beside the schema itself. */
export interface SchemaFacts {
  /** Whether an ACL lets the caller write; absent: nobody asked. */
  readonly mayWrite?: ((acl: string) => boolean | 'object') | undefined;
  /** Absent when the backend does not tell. */
  readonly bindings?: readonly Binding[] | undefined;
}

/** Classes with the versions of their namespaces (cce 12.4), by name; the default namespace is the class itself. */
export function describeClasses(classes: ReadonlyMap<string, ClassType>): ReadonlyMap<string, Answerable> {
  return new Map([...sortedByKey(classes)].map(([name, one]) => [name, summary(one)]));
}

/** Versions of all namespaces of a class, in their order. */
function summary(one: ClassType): Answerable {
  const named = [...one.namespaces.values()].filter(({ name }) => name !== '');
  return {
    version: one.namespaces.get('')?.version ?? '',
    namespaces: new Map(named.map(({ name, version }) => [name, version])),
  };
}

/** One namespace with its properties, and the handlers that are bound to its events (cce 12.4). */
export function describeNamespace(namespace: NamespaceType, { mayWrite, bindings }: SchemaFacts): ReadonlyMap<string, Answerable> {
  const { createAcl, destroyAcl, properties } = namespace;
  const bound = bindings?.filter((one) => one.class === namespace.class && one.namespace === namespace.name);
  return new Map<string, Answerable>([
    ['class', namespace.class],
    ['namespace', namespace.name],
    ['version', namespace.version],
    ['createacl', createAcl],
    ['destroyacl', destroyAcl],
    ['properties', new Map([...sortedByKey(properties)].map(([name, property]) => [name, describeProperty(property, mayWrite)]))],
    ...(bound === undefined ? [] : [['handlers', bound.map(describeBinding)] as const]),
  ]);
}

function describeProperty(property: Property, mayWrite: SchemaFacts['mayWrite']): Answerable {
  const { name, kind, data, errorMessage } = property.type;
  return {
    type: name,
    regex: kind === 're' ? data : undefined,
    values: kind === 'enum' ? data.split('|') : undefined,
    errmsg: errorMessage,
    default: property.default,
    optional: property.optional,
    array: property.array,
    readacl: property.readAcl,
    writeacl: property.writeAcl,
    can_write: mayWrite?.(property.writeAcl),
  };
}

/** As a line of a `.conf` file says it: the path lies below the folder of handlers. */
function describeBinding({ event, handler, stage, rollback }: Binding): Answerable {
  return { event, type: handler.type, path: handler.path, stage, rollback: rollback ? true : undefined };
}

/** Tells two schemas apart by the versions of their classes. */
export function schemaVersion(schema: Schema): string {
  const hash = createHash('sha256');
  for (const one of sortedByKey(schema.classes).values()) {
    for (const { name, version, properties } of one.namespaces.values())
      hash.update(`${one.name}.${name} ${version} ${[...properties.keys()].join(' ')}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}
