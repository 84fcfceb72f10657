import type { Operation, Reply } from '@fairlead/cscp/codec';
import type { ObjectView } from '@fairlead/engine-cce';

/** Sends several commands together. */
export type AskAll = (operations: readonly Operation[]) => Promise<readonly Reply[]>;

/** Commands on their way at a time. */
const CHUNK = 256;

/** Namespaces by class, for whoever shares it; a schema changes rarely, and a namespace that is gone is left out. */
export class NamespaceCache {
  readonly #lifeMs: number;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly names: readonly string[]; readonly untilMs: number }>();

  constructor(now: () => number, lifeMs = 60_000) {
    this.#now = now;
    this.#lifeMs = lifeMs;
  }

  get(name: string): readonly string[] | undefined {
    const known = this.#known.get(name);
    return known !== undefined && known.untilMs > this.#now() ? known.names : undefined;
  }

  set(name: string, names: readonly string[]): void {
    this.#known.set(name, { names, untilMs: this.#now() + this.#lifeMs });
  }
}

/** Objects with all their namespaces over a socket: GETs sent together, NAMES only for classes that are not known. */
export async function readObjectsOver(ask: AskAll, oids: readonly string[], cache: NamespaceCache): Promise<readonly ObjectView[]> {
  const defaults = await askInChunks(
    ask,
    oids.map((oid): Operation => ({ verb: 'GET', oid, namespace: '' })),
  );
  const found = oids.flatMap((oid, index) => {
    const properties = propertiesOf(defaults[index]);
    return properties === undefined ? [] : [{ oid, properties, class: properties.get('CLASS') ?? '' }];
  });
  const namesOf = await namespacesOf(ask, new Set(found.map((one) => one.class)), cache);
  const wanted = found.flatMap((one) => (namesOf.get(one.class) ?? []).map((namespace) => ({ oid: one.oid, namespace })));
  const replies = await askInChunks(
    ask,
    wanted.map((one): Operation => ({ verb: 'GET', ...one })),
  );
  const views = new Map(found.map((one) => [one.oid, new Map([['', one.properties]])]));
  for (const [index, { oid, namespace }] of wanted.entries()) {
    const properties = propertiesOf(replies[index]);
    if (properties !== undefined) views.get(oid)?.set(namespace, properties);
  }
  return found.map((one) => ({ oid: one.oid, class: one.class, namespaces: views.get(one.oid) ?? new Map() }));
}

async function namespacesOf(
  ask: AskAll,
  classes: ReadonlySet<string>,
  cache: NamespaceCache,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const unknown = [...classes].filter((name) => cache.get(name) === undefined);
  const replies = await askInChunks(
    ask,
    unknown.map((of): Operation => ({ verb: 'NAMES', of })),
  );
  for (const [index, name] of unknown.entries()) {
    const reply = replies[index];
    if (reply?.end !== 201) continue;
    cache.set(
      name,
      reply.lines.flatMap((line) => (line.code === 105 ? [line.namespace] : [])),
    );
  }
  return new Map([...classes].map((name) => [name, cache.get(name) ?? []]));
}

async function askInChunks(ask: AskAll, operations: readonly Operation[]): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  for (let at = 0; at < operations.length; at += CHUNK) replies.push(...(await ask(operations.slice(at, at + CHUNK))));
  return replies;
}

/** Undefined for what is not there or was destroyed in this transaction; a changed value wins over the committed one (cce 1.7). */
function propertiesOf(reply: Reply | undefined): ReadonlyMap<string, string> | undefined {
  if (reply?.end !== 201 || reply.lines.some((line) => line.code === 108)) return undefined;
  const properties = new Map<string, string>();
  for (const code of [102, 103] as const) for (const line of reply.lines) if (line.code === code) properties.set(line.key, line.value);
  return properties;
}
