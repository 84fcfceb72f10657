import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Engine, EngineLog, InstallObject, ObjectStorage } from '@fairlead/engine-cce';
import { ADMIN_OID, adminPasswordValues, constructorObjects, demoFixture } from '@fairlead/engine-cce/fixtures';
import { newAlphanumeric } from '@fairlead/kernel/ids';
import { readObjects } from './object-lines.ts';

/** Set once the first objects are there: what an administrator destroys later must not come back with the next start. */
export const FIRST_OBJECTS = 'first-objects';
const PASSWORD_LENGTH = 20;

export interface FirstObjects {
  readonly engine: Engine;
  readonly storage: ObjectStorage;
  /** `demo`, the path of a file with objects in JSON, or nothing. */
  readonly fixtures: string | undefined;
  /** Gets the file with the first password of `admin`. */
  readonly stateDir: string;
  readonly log: EngineLog;
}

/** Puts what a first start needs into an engine that never had it (cce 14.6). Rejects when the file of fixtures cannot be read. */
export async function installFirstObjects(first: FirstObjects): Promise<void> {
  if ((await first.storage.getFact(FIRST_OBJECTS)) !== undefined) return;
  const { objects, passwordFile } = await firstObjects(first);
  const missing = await first.engine.install(objects);
  // Another gateway has put them meanwhile, with a password of its own.
  if (missing === 0 && passwordFile !== undefined) await rm(passwordFile, { force: true });
  await first.storage.setFact(FIRST_OBJECTS, first.fixtures ?? 'constructors');
  first.log.info({ objects: missing, fixtures: first.fixtures ?? 'constructors' }, 'the first objects are in the database');
}

interface Chosen {
  readonly objects: readonly InstallObject[];
  /** Where the password of `admin` was written for these objects. */
  readonly passwordFile?: string;
}

async function firstObjects({ fixtures, stateDir, storage, log }: FirstObjects): Promise<Chosen> {
  if (fixtures === 'demo') {
    log.warn({}, 'the demo begins: the whole world knows the password of its CCE user admin');
    return { objects: await demoFixture() };
  }
  const more = fixtures === undefined ? [] : readObjects(fixtures, await readFile(fixtures, 'utf8'));
  // What was exported from another database is a whole: what is not in it is not wanted.
  if (more.some((one) => one.class === 'System')) return { objects: more };
  const own = constructorObjects().filter((one) => !more.some((other) => other.oid === one.oid));
  // Of a start that broke off after its commit: the file with the password is there too.
  if ((await storage.versions([ADMIN_OID])).has(ADMIN_OID)) return { objects: [...own, ...more] };
  const passwordFile = join(stateDir, 'admin.passwd');
  return { objects: [...(await withPassword(own, passwordFile, log)), ...more], passwordFile };
}

/** Nobody knows the first password but who may read the file. */
async function withPassword(objects: readonly InstallObject[], file: string, log: EngineLog): Promise<readonly InstallObject[]> {
  const password = newAlphanumeric(PASSWORD_LENGTH);
  await mkdir(dirname(file), { recursive: true, mode: 0o750 });
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  log.warn({ file }, 'the first password of the CCE user admin stands in this file; change it and remove the file');
  const values = await adminPasswordValues(password);
  return objects.map((one) => (one.oid === ADMIN_OID ? { ...one, values: { ...one.values, '': { ...one.values[''], ...values } } } : one));
}
