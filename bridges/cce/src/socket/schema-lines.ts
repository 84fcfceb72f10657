import { packArray, type Reply, type ReplyLine } from '@fairlead/cscp/codec';
import type { Engine } from '@fairlead/engine-cce';
import type { Answerable } from '../map/json.ts';
import { sortedByKey } from '../map/reply.ts';
import { describeNamespace, schemaVersion } from '../map/schema-description.ts';
import { CSCP_VERSION, VERSION } from '../version.ts';

type Described = Pick<Engine, 'schema' | 'bindings'>;

/** VERSION on a socket: what the JSON face tells, as 102 lines. */
export function versionReply({ schema }: Described): Reply {
  return { lines: linesOf({ version: VERSION, cscp: CSCP_VERSION, schema: schemaVersion(schema) }), end: 201 };
}

/**
 * SCHEMA on a socket (cce 12.4): the versions of all classes (`User`, `User.Email`), or everything about one namespace with keys such as
 * `properties.name.type` and `handlers.0.path`; truth is 1 or 0, a list is packed. Of a class its other namespaces are named first.
 */
export function schemaReply({ schema, bindings }: Described, name: string | undefined, namespace = ''): Reply {
  if (name === undefined) return { lines: versionLines(schema), end: 201 };
  const type = schema.classes.get(name);
  if (type === undefined) return { lines: [{ code: 301, class: name }], end: 401 };
  const found = type.namespaces.get(namespace);
  if (found === undefined) return { lines: [{ code: 303, namespace }], end: 401 };
  const others = namespace === '' ? [...type.namespaces.keys()].filter((one) => one !== '') : [];
  const names = others.map((one): ReplyLine => ({ code: 105, namespace: one }));
  return { lines: [...names, ...linesOf(describeNamespace(found, { bindings }))], end: 201 };
}

function versionLines({ classes }: Described['schema']): readonly ReplyLine[] {
  return [...sortedByKey(classes).values()].flatMap((type) =>
    [...type.namespaces.values()].map(
      ({ name, version }): ReplyLine => ({ code: 102, key: name === '' ? type.name : `${type.name}.${name}`, value: version }),
    ),
  );
}

/** What is nested gets dots in its key. */
function linesOf(value: Answerable | undefined, key = ''): readonly ReplyLine[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    // Nothing is bound: no key, so that an empty list of objects is no value.
    return value.length === 0 ? [] : [{ code: 102, key, value: packArray(value) }];
  }
  if (typeof value === 'boolean') return [{ code: 102, key, value: value ? '1' : '0' }];
  if (value === null || typeof value !== 'object') return [{ code: 102, key, value: String(value ?? '') }];
  const inner = value instanceof Map ? [...(value as ReadonlyMap<string, Answerable>)] : Object.entries(value);
  return inner.flatMap(([name, one]) => linesOf(one, key === '' ? name : `${key}.${name}`));
}
