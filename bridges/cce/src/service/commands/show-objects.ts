import type { ObjectView } from '@fairlead/engine-cce';
import type { Answerable } from '../../map/json.ts';
import type { Call } from './call.ts';
import { present } from './present.ts';

/** `objects` of GETALL (cce 6.12): by OID in the given order, each with its namespaces, `OBJECT` for the default one. `props`: only these properties. */
export function showObjects(call: Call, views: readonly ObjectView[], props: readonly string[] | undefined): Answerable {
  const wanted = props === undefined ? undefined : new Set(props);
  return new Map(views.map((view) => [view.oid, showObject(call, view, wanted)]));
}

function showObject(call: Call, view: ObjectView, wanted: ReadonlySet<string> | undefined): Answerable {
  const shown = new Map<string, Answerable>();
  for (const [namespace, values] of view.namespaces) {
    const kept = wanted === undefined ? values : pick(namespace, values, wanted);
    if (wanted !== undefined && kept.size === 0 && namespace !== '') continue;
    shown.set(namespace === '' ? 'OBJECT' : namespace, present(call, { class: view.class, namespace }, kept));
  }
  return shown;
}

function pick(namespace: string, values: ReadonlyMap<string, string>, wanted: ReadonlySet<string>): ReadonlyMap<string, string> {
  const nameOf = (key: string) => (namespace === '' ? key : `${namespace}.${key}`);
  return new Map([...values].filter(([key]) => wanted.has(nameOf(key))));
}
