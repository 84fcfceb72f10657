import type { ObjectView } from '@fairlead/engine-cce';
import type { EventRow } from '../../store/queue-tables.ts';

/** Objects as whoever watches may read them. */
export type ReadObjects = (oids: readonly string[]) => Promise<readonly ObjectView[]>;

/** An event is told to whoever may read the property now (cce 12.1); that an object was made or removed, FIND tells everybody. */
export async function readableEvents(rows: readonly EventRow[], readObjects: ReadObjects): Promise<readonly EventRow[]> {
  const oids = [...new Set(rows.filter((row) => row.kind === 'modify').map((row) => row.oid))];
  const views = oids.length === 0 ? [] : await readObjects(oids);
  const byOid = new Map(views.map((view) => [view.oid, view]));
  return rows.filter((row) => row.kind !== 'modify' || mayRead(byOid.get(row.oid), row));
}

function mayRead(view: ObjectView | undefined, { namespace, property }: EventRow): boolean {
  return view?.namespaces.get(namespace)?.has(property) === true;
}

/** `56..description`, `27.Foo.enable`, `5._CREATE` (cce 1.2). */
export function eventText(row: EventRow): string {
  return row.kind === 'modify' ? `${row.oid}.${row.namespace}.${row.property}` : `${row.oid}.${eventName(row)}`;
}

/** The property, `_CREATE` or `_DESTROY`. */
export function eventName({ kind, property }: EventRow): string {
  if (kind === 'modify') return property;
  return kind === 'create' ? '_CREATE' : '_DESTROY';
}
