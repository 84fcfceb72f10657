import type {
  Cluster,
  DiskOffering,
  Host,
  Network,
  OsType,
  ServiceOffering,
  StoragePool,
  Template,
  VirtualMachine,
  Volume,
  Zone,
} from '@fairlead/cloudstack';
import type { Caller } from './caller.ts';

/**
 * What CloudStack runs, kept in rows and refreshed in the background (ovirt 9.5). Every getter that takes a caller gives only
 * what his own key may list.
 */
export interface Inventory {
  zones(caller: Caller): Promise<readonly Zone[]>;
  clusters(caller: Caller): Promise<readonly Cluster[]>;
  hosts(caller: Caller): Promise<readonly Host[]>;
  pools(caller: Caller): Promise<readonly StoragePool[]>;
  networks(caller: Caller): Promise<readonly Network[]>;
  templates(caller: Caller): Promise<readonly Template[]>;
  serviceOfferings(caller: Caller): Promise<readonly ServiceOffering[]>;
  diskOfferings(caller: Caller): Promise<readonly DiskOffering[]>;
  osTypes(caller: Caller): Promise<readonly OsType[]>;
  vms(caller: Caller): Promise<readonly VirtualMachine[]>;
  volumes(caller: Caller): Promise<readonly Volume[]>;
  /** Asked for by id once when it is not kept. Throws `OVIRT_NOT_FOUND`. */
  vm(caller: Caller, id: string): Promise<VirtualMachine>;
  volume(caller: Caller, id: string): Promise<Volume>;
  volumesOf(caller: Caller, vmId: string): Promise<readonly Volume[]>;
  network(caller: Caller, id: string): Promise<Network>;
  pool(caller: Caller, id: string): Promise<StoragePool>;
  cluster(caller: Caller, id: string): Promise<Cluster>;
  /** With `path` and `storageid`: read by the service key. Check visibility with `volume` first. */
  adminVolume(id: string): Promise<Volume>;
  /** Read anew after a change of our own; what has gone is forgotten. */
  refreshVm(id: string): Promise<VirtualMachine | undefined>;
  refreshVolume(id: string): Promise<Volume | undefined>;
  forgetVm(id: string): Promise<void>;
  forgetVolume(id: string): Promise<void>;
  /** Makes an object that this caller has just created visible to him before his next list. */
  adopt(caller: Caller, kind: 'vm' | 'volume', id: string): Promise<void>;
}
