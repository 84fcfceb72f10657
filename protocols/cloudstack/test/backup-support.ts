import type { AgentStep, Vm, Volume } from '../src/fake/index.ts';
import { type CloudStackClient, CloudStackError, type Params } from '../src/index.ts';
import { type Cloud, openCloud } from './support.ts';

/** A cloud with one running instance of a data disk, and what backups of it are made with: all by calls over HTTP. */
export interface BackupRig extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly vm: Vm;
  readonly root: Volume;
  readonly data: Volume;
  /** Of admin's. */
  readonly client: CloudStackClient;
  /** Accepted and done; its id. */
  start(params?: Params): Promise<string>;
  finalize(id: string): Promise<unknown>;
  download(backupid: string, params?: Params): Promise<Transfer>;
  upload(volume: Volume, params?: Params): Promise<Transfer>;
  /** Items of a list of the export API, whatever their key. */
  items(command: string, params?: Params): Promise<ReadonlyArray<Record<string, unknown>>>;
  /** The only item, or undefined. */
  item(command: string, params?: Params): Promise<Record<string, unknown> | undefined>;
  refuse(step: AgentStep, no?: string): void;
}

interface Transfer {
  readonly id: string;
  readonly transferurl: string;
  readonly [field: string]: unknown;
}

export async function openBackups(options: Parameters<typeof openCloud>[0] = {}): Promise<BackupRig> {
  const cloud = await openCloud(options);
  const disks = [{ name: 'root' }, { name: 'data' }];
  const vm = await cloud.fake.addVm({ name: 'guarded', state: 'Running', disks });
  const client = cloud.client();
  const transfer = async (params: Params) =>
    ((await client.call('createImageTransfer', params)) as { imagetransfer: Transfer }).imagetransfer;
  const items = async (command: string, params: Params = {}) => {
    const list = Object.values((await client.call(command, params)) as object).find((value) => Array.isArray(value));
    return (list ?? []) as Array<Record<string, unknown>>;
  };
  return {
    cloud,
    vm,
    root: cloud.fake.volume('root'),
    data: cloud.fake.volume('data'),
    client,
    items,
    item: async (command, params) => (await items(command, params))[0],
    start: async (params = {}) => ((await client.run('startBackup', { virtualmachineid: vm.id, ...params })) as { id: string }).id,
    finalize: (id) => client.run('finalizeBackup', { virtualmachineid: vm.id, id }),
    download: (backupid, params = {}) => transfer({ volumeid: cloud.fake.volume('data').id, backupid, direction: 'download', ...params }),
    upload: (volume, params = {}) => transfer({ volumeid: volume.id, direction: 'upload', ...params }),
    refuse: (step, no = 'no') => cloud.fake.agent.refuse(step, { no }),
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
}

/** `530`, or `job 530`: how a call was refused, with the server's words. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CloudStackError)) throw new Error(`expected a refusal, got ${String(error)}`, { cause: error });
  return `${error.code === 'CLOUDSTACK_JOB_FAILED' ? 'job ' : ''}${error.errorCode} ${error.errorText ?? ''}`.trim();
}
