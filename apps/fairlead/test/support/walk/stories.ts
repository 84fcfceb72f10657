import { randomUUID } from 'node:crypto';
import { Outage, type PatientClient } from './patient-client.ts';

const STEP = 2 * 1024 * 1024;
const OVER = ['finished_success', 'finished_failure'];

export interface DiskFacts {
  readonly vmId: string;
  readonly diskId: string;
  readonly bytes: number;
}

/** A full backup of a VM with one disk; gives what the disk holds. */
export async function backUp(client: PatientClient, { vmId, diskId, bytes }: DiskFacts): Promise<Buffer> {
  for (let attempt = 0; attempt < 4; attempt++) {
    const id = await beginBackup(client, vmId);
    const path = `/vms/${vmId}/backups/${id}`;
    if ((await client.settled(path, ['ready', 'failed'])) === 'ready') {
      const wish = { disk: { id: diskId }, backup: { id }, direction: 'download', format: 'raw' };
      const content = await transfer(client, wish, (url) => readAll(client, url, bytes));
      if (content !== undefined && (await endBackup(client, path))) return content;
    }
    await client.beginAnew('backup');
  }
  throw new Error('no backup has succeeded');
}

/** A new VM with one disk of this content; gives the ids of both. */
export async function restore(
  client: PatientClient,
  wish: { readonly name: string; readonly clusterId: string; readonly poolId: string; readonly content: Buffer },
): Promise<{ vmId: string; diskId: string }> {
  const { name, content } = wish;
  const vmId = await repeat(client, '/vms', { name, cluster: { id: wish.clusterId } });
  await client.settled(`/vms/${vmId}`, ['down'], 'status');
  const storage = { storage_domain: [{ id: wish.poolId }] };
  const diskId = await repeat(client, '/disks', { name, provisioned_size: content.length, format: 'cow', storage_domains: storage });
  await client.settled(`/disks/${diskId}`, ['ok'], 'status');
  await upload(client, diskId, content);
  const attached = async () => {
    const list = await client.known(`/vms/${vmId}/diskattachments`);
    return list.disk_attachment?.some((one) => one.id === diskId) === true ? diskId : undefined;
  };
  const attachment = { bootable: true, interface: 'virtio_scsi', disk: { id: diskId } };
  await client.make(() => client.api('POST', `/vms/${vmId}/diskattachments`, attachment), attached);
  if ((await attached()) === undefined) throw new Error('the disk is not attached');
  return { vmId, diskId };
}

/** Fills a disk. */
async function upload(client: PatientClient, diskId: string, content: Buffer): Promise<void> {
  const wish = { disk: { id: diskId }, direction: 'upload', format: 'raw' };
  for (let attempt = 0; attempt < 4; attempt++) {
    const done = await transfer(client, wish, (url) => writeAll(client, url, content));
    if (done !== undefined) return;
    await client.beginAnew('upload');
  }
  throw new Error('no upload has succeeded');
}

/** Asks with the same correlation id until there is an answer: what was made at the first time is not made twice. */
async function repeat(client: PatientClient, path: string, body: object): Promise<string> {
  const correlationId = randomUUID();
  return await client.make(
    () => client.api('POST', path, body, correlationId),
    async () => undefined,
  );
}

async function beginBackup(client: PatientClient, vmId: string): Promise<string> {
  const find = async () => {
    const { backup = [] } = await client.known(`/vms/${vmId}/backups`);
    return backup.find((one) => one.phase !== 'failed' && one.phase !== 'succeeded')?.id;
  };
  return await client.make(() => client.api('POST', `/vms/${vmId}/backups`, {}), find);
}

async function endBackup(client: PatientClient, path: string): Promise<boolean> {
  for (;;) {
    const { phase } = await client.known(path);
    if (phase === 'succeeded' || phase === 'failed') return phase === 'succeeded';
    if (phase === 'ready') await client.api('POST', `${path}/finalize`, {}).catch((error) => passing(client, error));
    else await client.settled(path, ['ready', 'succeeded', 'failed']);
  }
}

/** Opens a transfer, does the work over its URL, ends it well; undefined when it did not go well and has to be begun anew. */
async function transfer<T>(client: PatientClient, wish: Wish, work: (url: string) => Promise<T | undefined>): Promise<T | undefined> {
  const find = async () => {
    const { image_transfer: all = [] } = await client.known('/imagetransfers');
    return all.find((one) => one.disk?.id === wish.disk.id && !OVER.includes(one.phase ?? ''))?.id;
  };
  const id = await client.make(() => client.api('POST', '/imagetransfers', wish), find);
  const path = `/imagetransfers/${id}`;
  if ((await client.settled(path, ['transferring', ...OVER])) !== 'transferring') return undefined;
  let result: T | undefined;
  while (result === undefined) {
    const now = await client.known(path);
    if (OVER.includes(now.phase ?? '')) return undefined;
    result = await work(client.dataUrl(now)).catch((error) => passing(client, error));
  }
  return (await endTransfer(client, path)) ? result : undefined;
}

interface Wish {
  readonly disk: { readonly id: string };
}

async function endTransfer(client: PatientClient, path: string): Promise<boolean> {
  for (;;) {
    const { phase = '' } = await client.known(path);
    if (OVER.includes(phase)) return phase === 'finished_success';
    if (phase === 'finalizing_success') await client.settled(path, OVER);
    else await client.api('POST', `${path}/finalize`, {}).catch((error) => passing(client, error));
  }
}

async function passing(client: PatientClient, error: unknown): Promise<undefined> {
  await client.sure(async () => {
    if (error instanceof Outage) await client.api('GET', '');
    else throw error;
  });
  return undefined;
}

export async function readAll(client: PatientClient, url: string, bytes: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  const extents = await client.send({ method: 'GET', url: `${url}/extents?context=zero` });
  if (extents.status !== 200) return undefined;
  for (let at = 0; at < bytes; at += STEP) {
    const range = `bytes=${at}-${Math.min(at + STEP, bytes) - 1}`;
    const { status, body } = await client.send({ method: 'GET', url, headers: { range } });
    if (status !== 206) return undefined;
    parts.push(body);
  }
  return Buffer.concat(parts);
}

async function writeAll(client: PatientClient, url: string, content: Buffer): Promise<true | undefined> {
  for (let at = 0; at < content.length; at += STEP) {
    const body = content.subarray(at, at + STEP);
    const headers = { 'content-range': `bytes ${at}-${at + body.length - 1}/*`, 'content-type': 'application/octet-stream' };
    const { status } = await client.send({ method: 'PUT', url: `${url}?flush=n`, headers, body });
    if (status !== 200) return undefined;
  }
  const headers = { 'content-type': 'application/json' };
  const flushed = await client.send({ method: 'PATCH', url, headers, body: JSON.stringify({ op: 'flush' }) });
  return flushed.status === 200 ? true : undefined;
}
