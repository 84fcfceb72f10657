import type { ClassType, NamespaceType, Property } from '@fairlead/engine-cce';
import type { Answer } from '../../map/answer.ts';
import type { Command } from '../../map/command.ts';
import type { Answerable } from '../../map/json.ts';
import { sortedByKey } from '../../map/reply.ts';
import { passed } from './answers.ts';
import { allowsClass, type Call, requireClass, requireIdentity } from './call.ts';
import { type WriteRights, writeRights } from './write-rights.ts';

/** SCHEMA (cce 12.4): the list of classes, or one namespace with its properties. */
export async function answerSchema(call: Call, wish: Extract<Command, { kind: 'schema' }>): Promise<Answer> {
  const { classes } = call.parts.backend.schema;
  if (wish.class === undefined) {
    await requireIdentity(call);
    const allowed = new Map([...classes].filter(([name]) => allowsClass(call, name)));
    return { status: 201, message: 'OK', data: { schema: new Map([...sortedByKey(allowed)].map(([name, one]) => [name, summary(one)])) } };
  }
  requireClass(call, wish.class);
  const rights = await writeRights(call);
  const found = classes.get(wish.class);
  if (found === undefined) return passed(call, { lines: [{ code: 301, class: wish.class }], end: 401 });
  const namespace = found.namespaces.get(wish.namespace ?? '');
  if (namespace === undefined) return passed(call, { lines: [{ code: 303, namespace: wish.namespace ?? '' }], end: 401 });
  return { status: 201, message: 'OK', data: { schema: describeNamespace(namespace, rights) } };
}

/** Versions of all namespaces of a class, in their order; the default one is the class itself. */
function summary(one: ClassType): Answerable {
  const named = [...one.namespaces.values()].filter(({ name }) => name !== '');
  return {
    version: one.namespaces.get('')?.version ?? '',
    namespaces: new Map(named.map(({ name, version }) => [name, version])),
  };
}

function describeNamespace(namespace: NamespaceType, rights: WriteRights): Answerable {
  const { createAcl, destroyAcl, properties } = namespace;
  return {
    class: namespace.class,
    namespace: namespace.name,
    version: namespace.version,
    createacl: createAcl,
    destroyacl: destroyAcl,
    properties: new Map([...sortedByKey(properties)].map(([name, property]) => [name, describeProperty(property, rights)])),
  };
}

function describeProperty(property: Property, rights: WriteRights): Answerable {
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
    can_write: rights.of(property.writeAcl),
  };
}
