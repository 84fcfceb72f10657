import { number, required, shape, text, textMap } from './shape.ts';

/** A cluster of hosts. For root admins. */
export const readCluster = shape('cluster', {
  id: required(text),
  name: required(text),
  zoneid: text,
  zonename: text,
  podid: text,
  podname: text,
  hypervisortype: text,
  clustertype: text,
  allocationstate: text,
  managedstate: text,
  cpuovercommitratio: number,
  memoryovercommitratio: number,
  arch: text,
  resourcedetails: textMap,
});
/** A cluster of hosts. For root admins. */
export type Cluster = ReturnType<typeof readCluster>;
