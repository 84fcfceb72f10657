import { flag, number, required, shape, text } from './shape.ts';

/** A primary storage pool. Sizes in bytes. For root admins. */
export const readStoragePool = shape('storagepool', {
  id: required(text),
  name: required(text),
  type: text,
  state: text,
  scope: text,
  path: text,
  ipaddress: text,
  zoneid: text,
  zonename: text,
  podid: text,
  clusterid: text,
  clustername: text,
  capacitybytes: number,
  disksizetotal: number,
  disksizeused: number,
  disksizeallocated: number,
  overprovisionfactor: number,
  provider: text,
  managed: flag,
  nfsmountopts: text,
  tags: text,
  hypervisor: text,
  created: text,
});
/** A primary storage pool. Sizes in bytes. For root admins. */
export type StoragePool = ReturnType<typeof readStoragePool>;
