import { CloudStackClient, type CloudStackClientOptions, CloudStackError, readUser } from '@fairlead/cloudstack';
import type { Log } from '@fairlead/kernel/log';
import { OvirtError } from '../errors.ts';

/** What this CloudStack offers to the service key (ovirt 15.1). Without a service key everything is false. */
export interface CloudFeatures {
  readonly hasServiceKey: boolean;
  /** `deployVirtualMachine blankinstance`. */
  readonly blankInstance: boolean;
  /** `createVolume storageid`; root admins only, silently ignored for others. */
  readonly createVolumeStorageId: boolean;
  /** `destroyVirtualMachine forced`; else stop first. */
  readonly forcedDestroy: boolean;
  readonly assignVm: boolean;
  readonly assignVolume: boolean;
  /** `updateVmNic`: the link state can be written. */
  readonly updateVmNic: boolean;
}

export interface KeyPair {
  readonly apiKey: string;
  readonly secretKey: string;
}

export interface CloudOptions {
  /** Without keys. */
  readonly base: Omit<CloudStackClientOptions, 'apiKey' | 'secretKey'>;
  readonly serviceKeys: KeyPair | undefined;
  readonly log: Log;
}

/** Clients kept for callers; the oldest are closed. */
const MAX_CLIENTS = 200;

const NO_FEATURES: CloudFeatures = {
  hasServiceKey: false,
  blankInstance: false,
  createVolumeStorageId: false,
  forcedDestroy: false,
  assignVm: false,
  assignVolume: false,
  updateVmNic: false,
};

/** Ways to CloudStack: the service key, and one client for each caller's key. */
export class Cloud implements Disposable {
  readonly #options: CloudOptions;
  readonly #service: CloudStackClient | undefined;
  readonly #clients = new Map<string, CloudStackClient>();
  #isRootAdmin: Promise<boolean> | undefined;

  constructor(options: CloudOptions) {
    this.#options = options;
    this.#service = options.serviceKeys && new CloudStackClient({ ...options.base, ...options.serviceKeys });
  }

  get base(): CloudOptions['base'] {
    return this.#options.base;
  }

  /** Whether a service key is configured, good or not. */
  get hasServiceKey(): boolean {
    return this.#service !== undefined;
  }

  /** The service key's client once it has proven to be a root admin's; undefined without one. */
  async service(): Promise<CloudStackClient | undefined> {
    const client = this.#service;
    const keys = this.#options.serviceKeys;
    if (client === undefined || keys === undefined) return undefined;
    this.#isRootAdmin ??= this.#testRootAdmin(client, keys);
    return (await this.#isRootAdmin) ? client : undefined;
  }

  /** The service key's client. Throws `OVIRT_SERVICE_KEY_NEEDED`. */
  async require(): Promise<CloudStackClient> {
    const client = await this.service();
    if (client === undefined) throw OvirtError('OVIRT_SERVICE_KEY_NEEDED');
    return client;
  }

  async features(): Promise<CloudFeatures> {
    const client = await this.service();
    if (client === undefined) return NO_FEATURES;
    const apis = await client.listApis();
    return {
      hasServiceKey: true,
      blankInstance: apis.hasParameter('deployVirtualMachine', 'blankinstance'),
      createVolumeStorageId: apis.hasParameter('createVolume', 'storageid'),
      forcedDestroy: apis.hasParameter('destroyVirtualMachine', 'forced'),
      assignVm: apis.has('assignVirtualMachine'),
      assignVolume: apis.has('assignVolume'),
      updateVmNic: apis.has('updateVmNic'),
    };
  }

  /** A client of its own for each key pair; kept, so that connections and `listApis` are used again. */
  clientFor(keys: KeyPair): CloudStackClient {
    if (keys.apiKey === this.#options.serviceKeys?.apiKey && this.#service !== undefined) return this.#service;
    const kept = this.#clients.get(keys.apiKey);
    if (kept !== undefined) {
      this.#clients.delete(keys.apiKey);
      this.#clients.set(keys.apiKey, kept);
      return kept;
    }
    const made = new CloudStackClient({ ...this.#options.base, ...keys });
    this.#clients.set(keys.apiKey, made);
    // A client that is dropped here may still carry a call of another request, so it is left to end by itself.
    const oldest = this.#clients.keys().next().value;
    if (this.#clients.size > MAX_CLIENTS && oldest !== undefined) this.#clients.delete(oldest);
    return made;
  }

  [Symbol.dispose](): void {
    this.#service?.close();
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #warn(user: string | undefined): false {
    this.#options.log.warn({ user }, 'the service key in [cloudstack] is not a root admin’s: images cannot be read or written');
    return false;
  }

  /** `listAccounts` proves nothing: every role has it (ovirt 15.1). A failure is not kept. */
  async #testRootAdmin(client: CloudStackClient, keys: KeyPair): Promise<boolean> {
    try {
      const user = await userOfKey(client, keys.apiKey);
      const isRoot = user.accounttype === 1 && (user.roletype === undefined || user.roletype === 'Admin');
      return isRoot || this.#warn(user.username);
    } catch (error) {
      if (isRefused(error)) return this.#warn(undefined);
      this.#isRootAdmin = undefined;
      throw error;
    }
  }
}

/** CloudStack is there and says no, as it does to everybody who may not ask `getUser`. */
export function isRefused(error: unknown): boolean {
  return error instanceof CloudStackError && (error.code === 'CLOUDSTACK_NOT_OFFERED' || error.code === 'CLOUDSTACK_REFUSED');
}

/** The user behind a key pair, by `getUser` (ovirt 15.1). */
export async function userOfKey(client: CloudStackClient, apiKey: string): Promise<ReturnType<typeof readUser>> {
  const answer = await client.call('getUser', { userapikey: apiKey });
  const user = typeof answer === 'object' && answer !== null && 'user' in answer ? answer.user : answer;
  return readUser(user);
}
