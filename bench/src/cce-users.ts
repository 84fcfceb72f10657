import { codbMigrations, type IndexEntry, SqlStorage, type StoredWrite } from '@fairlead/engine-cce';
import { demoFixture } from '@fairlead/engine-cce/fixtures';
import { systemClock } from '@fairlead/kernel/clock';
import { createLog } from '@fairlead/kernel/log';
import { migrate, openStore } from '@fairlead/kernel/store';
import { storeFile } from './cce-gateway.ts';

/** Objects of one commit. */
const BATCH = 1000;

/** A User for the store of a gateway: what its namespaces hold, and the rows of the index for what is indexed. */
export interface MadeUser {
  readonly oid: number;
  readonly name: string;
  readonly site: string;
  readonly namespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Puts users into the store of a gateway that does not run, by the commits of the engine's own storage. */
export async function fillUsers(folder: string, users: Iterable<MadeUser>): Promise<void> {
  const log = createLog({ level: 'silent' });
  await using store = await openStore({ url: `sqlite:${storeFile(folder)}`, stateDir: folder, clock: systemClock, log });
  await migrate(store, codbMigrations);
  const storage = new SqlStorage(store);
  const password = await demoPassword();
  let batch: StoredWrite[] = [];
  const commit = async () => {
    const outcome = await storage.commit({ writes: batch, removals: [] });
    if (!outcome.ok) throw new Error(`Object ${outcome.conflict} is there already`);
    batch = [];
  };
  for (const user of users) {
    batch.push(writeOf(user, password));
    if (batch.length === BATCH) await commit();
  }
  if (batch.length > 0) await commit();
}

/** Users `name1` and so on from an OID on, in sites of a thousand. */
export function* plainUsers(firstOid: number, count: number): Generator<MadeUser> {
  for (let at = 0; at < count; at++) yield { oid: firstOid + at, name: userName(firstOid + at), site: `site${Math.floor(at / BATCH)}` };
}

export function userName(oid: number): string {
  return `user-of-${oid}`;
}

/** Of the property that has no index. */
export function fullNameOf(oid: number): string {
  return `Somebody with number ${oid}`;
}

function writeOf({ oid, name, site, namespaces = {} }: MadeUser, password: Readonly<Record<string, string>>): StoredWrite {
  const own = { name, site, fullName: fullNameOf(oid), volume: '/home', ...password };
  const values = new Map(Object.entries({ '': own, ...namespaces }).map(([namespace, of]) => [namespace, new Map(Object.entries(of))]));
  const row = (property: string, value: string, unique: boolean): IndexEntry => ({ namespace: '', property, value, unique });
  return { oid, class: 'User', values, index: [row('name', name, true), row('site', site, false)], seen: undefined };
}

/** The demo's, whose hash is costly to make. */
async function demoPassword(): Promise<Readonly<Record<string, string>>> {
  const demo = (await demoFixture()).find(({ oid }) => oid === 56)?.values[''] ?? {};
  return Object.fromEntries(Object.entries(demo).filter(([name]) => name.endsWith('_password')));
}
