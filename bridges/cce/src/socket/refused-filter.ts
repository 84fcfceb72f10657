import type { ReplyLine, WatchFilter } from '@fairlead/cscp/codec';
import type { Schema } from '@fairlead/engine-cce';

const OBJECT_EVENTS: ReadonlySet<string> = new Set(['_CREATE', '_DESTROY']);

/** The line that refuses the first filter which names something that the schema does not have: it would wait for ever. */
export function refusedFilter(schema: Schema, filters: readonly WatchFilter[]): ReplyLine | undefined {
  for (const filter of filters) {
    const refused = lineAgainst(schema, filter);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function lineAgainst({ classes }: Schema, { class: name, namespace, property }: WatchFilter): ReplyLine | undefined {
  const type = classes.get(name);
  if (type === undefined) return { code: 301, class: name };
  const isNamespace = namespace === undefined && property !== undefined && type.namespaces.has(property);
  const found = type.namespaces.get(namespace ?? '');
  if (found === undefined) return { code: 303, namespace: namespace ?? '' };
  if (property === undefined || isNamespace || found.properties.has(property)) return undefined;
  if (found.name === '' && OBJECT_EVENTS.has(property)) return undefined;
  return { code: 302, oid: '0', key: property, message: '[[base-cce.unknownAttr]]' };
}
