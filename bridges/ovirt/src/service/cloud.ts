import type { CloudStackClient } from '@fairlead/cloudstack';

/** What this CloudStack and the service key can do (ovirt 15.1). */
export interface CloudFeatures {
  readonly hasServiceKey: boolean;
  /** `deployVirtualMachine blankinstance`. */
  readonly blankInstance: boolean;
  /** `createVolume storageid` by a root admin. */
  readonly createVolumeStorageId: boolean;
  /** `stopVirtualMachine forced` and `destroyVirtualMachine expunge`. */
  readonly forcedStop: boolean;
  /** `assignVirtualMachine`, `assignVolume`. */
  readonly assignVm: boolean;
  readonly assignVolume: boolean;
}

export interface KeyPair {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** Ways to CloudStack: the service key, and one client for each caller's key. */
export interface Cloud {
  /** The root-admin key of `[cloudstack]`; undefined without one, or when it is not a root admin's. */
  readonly service: CloudStackClient | undefined;
  /** Throws `OVIRT_SERVICE_KEY_NEEDED`. */
  require(): CloudStackClient;
  features(): Promise<CloudFeatures>;
  clientFor(keys: KeyPair): CloudStackClient;
}
