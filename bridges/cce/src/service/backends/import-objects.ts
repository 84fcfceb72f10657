import { type Engine, type InstallObject, memorySessions, type ObjectStorage, openEngine, SqlStorage } from '@fairlead/engine-cce';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { CceError } from '../../errors.ts';
import { readSchemaFiles } from './embedded.ts';
import type { EmbeddedSettings } from './embedded-settings.ts';
import { FIRST_OBJECTS } from './first-objects.ts';
import { readObjects } from './object-lines.ts';

/** One transaction holds them all. */
const MOST_OBJECTS = 50_000;
const LARGEST_OID = 2_147_483_647;
/** Objects in one question. */
const CHUNK = 500;

export interface ImportParts extends Pick<BridgeContext, 'store' | 'clock' | 'log'> {
  readonly settings: Pick<EmbeddedSettings, 'schema_dir' | 'schema_strict_bool' | 'password_max'>;
}

export interface ImportReport {
  readonly put: number;
  /** What was there already, under its OID and of its class, and stays as it is. */
  readonly there: readonly Pick<InstallObject, 'oid' | 'class'>[];
}

/**
 * Puts the objects of a text, as `fairlead cce export` prints them, into the database of the embedded engine under their own OIDs: all that are missing
 * in one transaction, or none. No handler runs and nobody is told. Throws `CCE_IMPORT` when one cannot be put.
 */
export async function importObjects(parts: ImportParts, file: string, text: string): Promise<ImportReport> {
  const objects = readAll(file, text);
  const storage = new SqlStorage(parts.store);
  await using engine = await openBareEngine(parts, storage);
  for (const object of objects) requireFitting(engine, object);
  const isNew = (await storage.getFact(FIRST_OBJECTS)) === undefined;
  // What has a System is a whole. Anything else needs what every database begins with, and somebody to be told the first password.
  if (isNew && !objects.some((one) => one.class === 'System'))
    throw refusal('the database is new and the file has no System; start fairlead cced or the gateway once before');
  const there = await findThere(storage, objects);
  const put = await engine.install(objects).catch((cause: unknown) => {
    throw refusal(cause instanceof Error ? cause.message : 'the store refused it', cause);
  });
  if (isNew) await storage.setFact(FIRST_OBJECTS, 'imported');
  return { put, there };
}

function openBareEngine({ settings, clock, log }: ImportParts, storage: ObjectStorage): Promise<Engine> {
  return readSchemaFiles(settings.schema_dir).then((schemas) =>
    openEngine({
      ...{ storage, schemas, clock, log, bindings: [], handlers: {}, noHandlers: true, handlerTimeoutMs: 0 },
      sessions: memorySessions(clock, { idleMs: 0, maxMs: 0 }),
      schemaStrictBool: settings.schema_strict_bool,
      passwordMax: settings.password_max,
    }),
  );
}

function readAll(file: string, text: string): readonly InstallObject[] {
  let objects: readonly InstallObject[];
  try {
    objects = readObjects(file, text);
  } catch (cause) {
    throw refusal(cause instanceof Error ? cause.message : file, cause);
  }
  if (objects.length > MOST_OBJECTS) throw refusal(`${objects.length} objects, more than ${MOST_OBJECTS}: import class after class`);
  const seen = new Set<number>();
  for (const { oid, class: name } of objects) {
    if (oid < 1 || oid > LARGEST_OID) throw refusal(`${oid} of a ${name} is no OID`);
    if (seen.has(oid)) throw refusal(`object ${oid} stands there twice`);
    seen.add(oid);
  }
  return objects;
}

/** Values are taken as they are: a database may be older than the rules for its types. */
function requireFitting({ schema }: Engine, { oid, class: name, values }: InstallObject): void {
  const type = schema.classes.get(name);
  if (type === undefined) throw refusal(`object ${oid}: there is no class ${name}`);
  for (const [namespace, properties] of Object.entries(values)) {
    const found = type.namespaces.get(namespace);
    if (found === undefined) throw refusal(`object ${oid}: class ${name} has no namespace ${namespace}`);
    const unknown = Object.keys(properties).find((key) => !found.properties.has(key));
    if (unknown !== undefined)
      throw refusal(`object ${oid}: ${namespace === '' ? name : `${name}.${namespace}`} has no property ${unknown}`);
  }
}

async function findThere(storage: ObjectStorage, objects: readonly InstallObject[]): Promise<ImportReport['there']> {
  const there: Pick<InstallObject, 'oid' | 'class'>[] = [];
  for (let at = 0; at < objects.length; at += CHUNK) {
    const wanted = new Map(objects.slice(at, at + CHUNK).map((one) => [one.oid, one.class]));
    for (const { oid, class: name } of await storage.read([...wanted.keys()])) {
      if (wanted.get(oid) !== name) throw refusal(`object ${oid} is a ${name} here, and a ${wanted.get(oid)} in the file`);
      there.push({ oid, class: name });
    }
  }
  return there.toSorted((a, b) => a.oid - b.oid);
}

function refusal(reason: string, cause?: unknown): Error {
  return CceError('CCE_IMPORT', { reason }, cause === undefined ? undefined : { cause });
}
