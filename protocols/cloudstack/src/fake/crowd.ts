import { createHash } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import type { SparseImage } from './disk-files.ts';
import { RESOURCES } from './limits.ts';
import { addNic } from './nics.ts';
import { startVm } from './power.ts';
import { addVmRow } from './vms.ts';
import { addVolume, attach } from './volumes.ts';

/** Accounts that own the crowd in turn. */
const OWNERS = ['admin', 'alice', 'bob'];
const GIB = 1024 ** 3;
/** Cards of the crowd begin here, so that hand-made ones keep the low addresses. */
const FIRST_ADDRESS = 256 * 16;

/**
 * Many instances with one volume and one network card each: `vm-0001`, `vm-0002`, … always the same ids, names, addresses and states.
 * Every second one runs; their volumes are empty qcow2 images. Their owners have no limits.
 * @param count at most 50 000
 */
export async function addCrowd(cloud: Cloud, count: number): Promise<void> {
  if (!Number.isInteger(count) || count < 0 || count > 50_000) throw new RangeError('a crowd has 0 to 50000 instances');
  if (count === 0) return;
  const image = await cloud.disks.emptyImage(GIB);
  for (const account of cloud.accounts.filter((row) => OWNERS.includes(row.name)))
    for (const { type } of RESOURCES) account.limits.set(type, -1);
  for (let index = 1; index <= count; index++) await addOne(cloud, index, image);
}

async function addOne(cloud: Cloud, index: number, image: SparseImage): Promise<void> {
  const username = OWNERS[index % OWNERS.length] ?? 'admin';
  const user = cloud.users.find((row) => row.username === username);
  const network = cloud.networks.find((row) => row.owner === user?.account);
  const template = cloud.templates.find((row) => !row.hidden);
  const offering = cloud.serviceOfferings.find((row) => row.fixed !== undefined);
  if (user === undefined || network === undefined || template === undefined || offering?.fixed === undefined)
    throw new Error('the fake cloud is empty');
  const owner = user.account;
  const name = `vm-${String(index).padStart(4, '0')}`;
  const vm = addVmRow(cloud, { id: idOf(name), name, owner, user, template, offering, ...offering.fixed });
  const at = FIRST_ADDRESS + index;
  const hex = index.toString(16).padStart(6, '0');
  const mac = `02:02:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
  addNic(cloud, vm, network, { id: idOf(`nic ${name}`), mac, ip: `10.1.${at >> 8}.${at & 255}` });
  const id = idOf(`volume ${name}`);
  const volume = addVolume(cloud, { id, name: `ROOT-${name}`, type: 'ROOT', sizeBytes: GIB, owner, template });
  await cloud.disks.write(id, image);
  Object.assign(volume, { path: id, pool: cloud.pool, state: 'Ready' });
  attach(cloud, volume, vm, 0);
  if (index % 2 === 0) startVm(cloud, vm);
}

/** A UUID that depends on nothing but the name. */
function idOf(name: string): string {
  const hex = createHash('sha256').update(`fake crowd ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
