import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import type { Account, Snapshot, Volume } from './model.ts';

/** A snapshot that is yet to be taken. */
export function addSnapshotRow(cloud: Cloud, volume: Volume, name: string, owner: Account): Snapshot {
  const snapshot: Snapshot = {
    ...cloud.row(),
    name,
    volume,
    owner,
    created: cloud.clock.now(),
    sizeBytes: volume.sizeBytes,
    state: 'Allocated',
    path: undefined,
    tags: [],
  };
  cloud.snapshots.push(snapshot);
  return snapshot;
}

/** Copies the volume's content. */
export async function takeSnapshot(cloud: Cloud, snapshot: Snapshot): Promise<void> {
  const { path } = snapshot.volume;
  if (path === undefined) return;
  const copy = `snapshot-${randomUUID()}`;
  await cloud.disks.copy(path, copy);
  snapshot.path = copy;
}

/** The row stays, as a destroyed one that no list shows. */
export async function dropSnapshot(cloud: Cloud, snapshot: Snapshot): Promise<void> {
  const { path } = snapshot;
  snapshot.state = 'Destroyed';
  snapshot.path = undefined;
  if (path !== undefined) await cloud.disks.remove(path);
}
