import { flag, number, required, shape, text, textMap } from './shape.ts';

/** A host. Memory in bytes, CPU speed in MHz. For root admins. */
export const readHost = shape('host', {
  id: required(text),
  name: required(text),
  state: text,
  resourcestate: text,
  type: text,
  ipaddress: text,
  zoneid: text,
  zonename: text,
  podid: text,
  clusterid: text,
  clustername: text,
  hypervisor: text,
  hypervisorversion: text,
  version: text,
  arch: text,
  cpunumber: number,
  cpusockets: number,
  cpuspeed: number,
  memorytotal: number,
  memoryallocated: number,
  memoryallocatedbytes: number,
  memoryused: number,
  created: text,
  disconnected: text,
  hahost: flag,
  ueficapability: flag,
  encryptionsupported: flag,
  instanceconversionsupported: flag,
  details: textMap,
});
/** A host. Memory in bytes, CPU speed in MHz. For root admins. */
export type Host = ReturnType<typeof readHost>;
