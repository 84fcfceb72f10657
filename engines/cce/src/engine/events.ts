import type { HandlerEvent } from '../handlers/handler.ts';
import type { Schema } from '../schema/schema.ts';
import type { PendingObject } from './overlay.ts';
import { effectiveValue, type ObjectState } from './values.ts';
import type { Scope } from './view.ts';

export type ChangeKind = 'create' | 'modify' | 'destroy';

/** What a layer makes of one object, compared with what is below the layer (cce 4.2). */
export interface ObjectChange {
  readonly kind: ChangeKind;
  readonly object: PendingObject;
  readonly events: readonly HandlerEvent[];
}

/** All effective changes of a layer, in ascending OID. Created and destroyed in one is nothing; neither is a value set to what it was. */
export function changesOf({ transaction, layer }: Scope): readonly ObjectChange[] {
  const { schema } = transaction.language;
  return layer.own().flatMap((object) => {
    const below = layer.parent?.find(object.oid) ?? transaction.base(object.oid);
    const before = below && 'gone' in below && below.gone ? undefined : below;
    return changeOf(schema, before, object) ?? [];
  });
}

function changeOf(schema: Schema, before: ObjectState | undefined, object: PendingObject): ObjectChange | undefined {
  if (!before && object.gone) return undefined;
  if (!before) return { kind: 'create', object, events: [eventOf(object, '_CREATE')] };
  if (object.gone) return { kind: 'destroy', object, events: [eventOf(object, '_DESTROY')] };
  const events = propertyEvents(schema, before, object);
  return events.length === 0 ? undefined : { kind: 'modify', object, events };
}

function eventOf({ oid, class: className }: ObjectState, name: string): HandlerEvent {
  return { oid: String(oid), class: className, namespace: '', name };
}

function propertyEvents(schema: Schema, before: ObjectState, after: ObjectState): readonly HandlerEvent[] {
  const namespaces = [...(schema.classes.get(after.class)?.namespaces.values() ?? [])];
  return namespaces.flatMap((type) =>
    [...(after.values.get(type.name)?.keys() ?? [])]
      .filter((name) => effectiveValue(type, before, name) !== effectiveValue(type, after, name))
      .map((name) => ({ ...eventOf(after, name), namespace: type.name })),
  );
}

/** As the greeting and the JSON face write it (cce 1.2). */
export function eventText({ oid, namespace, name }: HandlerEvent): string {
  return name === '_CREATE' || name === '_DESTROY' ? `${oid}.${name}` : `${oid}.${namespace}.${name}`;
}
