import type { InstallObject } from '../engine-contract.ts';
import { CceEngineError } from '../errors.ts';
import type { ObjectValues, StoredWrite } from '../storage/object-storage.ts';
import type { EngineCore } from './core.ts';
import { indexEntries } from './values.ts';

/** Puts objects that are missing at their own OIDs, in one commit; what is there stays as it is. */
export async function installObjects(core: EngineCore, objects: readonly InstallObject[]): Promise<number> {
  const there = await core.storage.versions(objects.map(({ oid }) => oid));
  const missing = objects.filter(({ oid }) => !there.has(oid));
  if (missing.length === 0) return 0;
  const outcome = await core.storage.commit({ writes: missing.map((object) => writeOf(core, object)), removals: [] });
  if (!outcome.ok) throw CceEngineError('CCE_ENGINE_INSTALL', { oid: outcome.conflict });
  return missing.length;
}

function writeOf(core: EngineCore, { oid, class: className, values }: InstallObject): StoredWrite {
  const kept: ObjectValues = new Map(
    Object.entries(values).map(([namespace, properties]) => [namespace, new Map(Object.entries(properties))]),
  );
  const state = { oid, class: className, values: kept };
  return { ...state, index: indexEntries(core.language.schema, state), seen: undefined };
}
