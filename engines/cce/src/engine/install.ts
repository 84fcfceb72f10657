import type { InstallObject } from '../engine-contract.ts';
import { CceEngineError } from '../errors.ts';
import type { ObjectValues, StoredWrite } from '../storage/object-storage.ts';
import type { EngineCore } from './core.ts';
import { indexEntries } from './values.ts';

/** Puts objects that are missing at their own OIDs, in one commit; what is there stays as it is. Gives how many were missing. */
export async function installObjects(core: EngineCore, objects: readonly InstallObject[]): Promise<number> {
  for (let missing = await missingOf(core, objects); missing.length > 0; ) {
    const outcome = await core.storage.commit({ writes: missing.map((object) => writeOf(core, object)), removals: [] });
    if (outcome.ok) return missing.length;
    // Another engine on this storage may have begun at the same moment: what it has put is there.
    const still = await missingOf(core, missing);
    if (still.length === missing.length) throw CceEngineError('CCE_ENGINE_INSTALL', { oid: outcome.conflict });
    missing = still;
  }
  return 0;
}

async function missingOf({ storage }: EngineCore, objects: readonly InstallObject[]): Promise<readonly InstallObject[]> {
  const there = await storage.versions(objects.map(({ oid }) => oid));
  return objects.filter(({ oid }) => !there.has(oid));
}

function writeOf(core: EngineCore, { oid, class: className, values }: InstallObject): StoredWrite {
  const kept: ObjectValues = new Map(
    Object.entries(values).map(([namespace, properties]) => [namespace, new Map(Object.entries(properties))]),
  );
  const state = { oid, class: className, values: kept };
  return { ...state, index: indexEntries(core.language.schema, state), seen: undefined };
}
