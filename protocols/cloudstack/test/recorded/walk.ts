import type { AgentStep } from '../../src/fake/index.ts';
import { CloudStackClient } from '../../src/index.ts';
import type { Given } from './given.ts';
import type { Inhabitant, World } from './world.ts';

/** The instance that the backups are of. */
export const VM = 'vm-admin';
const NO = { no: 'the host says no' } as const;

/** State that only the export API makes: it is walked to through the API. */
export class Walk {
  readonly #world: World;
  readonly #client: CloudStackClient;

  constructor(world: World, client: CloudStackClient) {
    this.#world = world;
    this.#client = client;
  }

  /** What the request calls `{id}`. */
  id(id: string): void {
    this.#world.aliases.set('id', id);
  }

  vm(name = VM): string {
    return this.#world.idOf(`virtualmachine/${name}`);
  }

  refuse(step: AgentStep, unsupported = false): void {
    this.#world.fake.agent.refuse(step, unsupported ? 'unsupported' : NO);
  }

  /** Starts a backup; its id, also when the start fails in the job. */
  async start(name?: string, description?: string): Promise<string> {
    const params = { virtualmachineid: this.vm(), name, description };
    const { id } = (await this.#client.call('startBackup', params)) as { id: string };
    return id;
  }

  first(): Promise<string> {
    return this.start('first', 'first backup');
  }

  /** A record that is left behind by an agent that does not know the command. */
  queued(): Promise<string> {
    this.refuse('startBackup', true);
    return this.start();
  }

  async finalize(id: string): Promise<void> {
    await this.#client.call('finalizeBackup', { virtualmachineid: this.vm(), id });
  }

  /** A finalized backup: one checkpoint more. */
  async whole(): Promise<void> {
    await this.finalize(await this.start());
  }

  async download(backupid: string, volume = 'ROOT-8'): Promise<string> {
    return await this.#transfer({ volumeid: this.#world.idOf(`volume/${volume}`), backupid, direction: 'download' });
  }

  async upload(volume = 'restore-two', format?: string): Promise<string> {
    return await this.#transfer({ volumeid: this.#world.idOf(`volume/${volume}`), direction: 'upload', format });
  }

  async #transfer(params: Record<string, string | undefined>): Promise<string> {
    const { imagetransfer } = (await this.#client.call('createImageTransfer', params)) as { imagetransfer: { id: string } };
    return imagetransfer.id;
  }

  async finish(id: string): Promise<void> {
    await this.#client.call('finalizeImageTransfer', { id });
  }

  async failToFinish(id: string): Promise<void> {
    this.refuse('finalizeImageTransfer');
    await this.finish(id).catch(() => undefined);
  }

  async call(command: string, params: Record<string, string>): Promise<Record<string, unknown>> {
    return (await this.#client.call(command, params)) as Record<string, unknown>;
  }

  /** Stopped, as if nobody had ever waited for it. */
  stop(): void {
    const vm = this.#world.fake.vm(VM);
    vm.state = 'Stopped';
    vm.lastUpdated = vm.created;
  }
}

/** Walks there before the recorded call is repeated. */
export function walk(steps: (walk: Walk, world: World) => unknown, also: readonly Inhabitant[] = []): Given {
  return {
    with: [VM, ...also],
    world: async (world) => {
      const { apiKey, secretKey } = world.fake.admin;
      using client = new CloudStackClient({ endpoint: world.fake.url, apiKey, secretKey });
      await steps(new Walk(world, client), world);
    },
  };
}
