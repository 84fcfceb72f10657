import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareImages, createQcow2, fillPattern, qemuImg, randomBytes } from '@fairlead/testkit/disks';
import { until } from '@fairlead/testkit/until';
import type { Killable } from './killable.ts';
import { PatientClient } from './patient-client.ts';
import type { Point } from './points.ts';
import type { DiskFacts } from './stories.ts';
import { World, type WorldOptions } from './world.ts';

const MiB = 1024 ** 2;
/** What is looked at of the disk; the rest of its GiB is empty. */
const BYTES = 4 * MiB;
/** Everything that a killed process has left is gone by then. */
const CLEAN_MS = 30_000;

/** A world with one VM of one disk, in which stories are told while processes are killed. */
export class Walk implements AsyncDisposable {
  readonly world: World;
  readonly disk: DiskFacts;
  /** The beginning of the disk; behind it there is nothing. */
  readonly content: Buffer;
  readonly #ca: string;
  readonly #original: string;

  private constructor(parts: { world: World; disk: DiskFacts; content: Buffer; ca: string; original: string }) {
    this.world = parts.world;
    this.disk = parts.disk;
    this.content = parts.content;
    this.#ca = parts.ca;
    this.#original = parts.original;
  }

  static async start(options: WorldOptions = {}): Promise<Walk> {
    const world = await World.start(options);
    const content = Buffer.concat([randomBytes(3 * MiB), Buffer.alloc(MiB)]);
    const file = join(world.folder, 'pool', 'root.qcow2');
    await createQcow2(file, 1024 * MiB);
    await fillPattern(file, 'qcow2', [{ kind: 'random', start: 0, length: 3 * MiB }]);
    const original = join(world.folder, 'original.qcow2');
    await copyFile(file, original);
    const raw = join(world.folder, 'original.raw');
    await qemuImg(['convert', '-O', 'raw', original, raw]);
    (await readFile(raw)).copy(content, 0, 0, BYTES);
    const vm = await world.cloud.addVm({ name: 'web', account: 'admin', cpu: 2, memoryMiB: 2048, disks: [{ name: 'root', file }] });
    const disk = { vmId: vm.id, diskId: world.cloud.volume('root').id, bytes: BYTES };
    return new Walk({ world, disk, content, ca: await readFile(world.caFile, 'utf8'), original });
  }

  /** Where something new goes. */
  get places(): { clusterId: string; poolId: string } {
    const { clusters, pools } = this.world.cloud.cloud;
    return { clusterId: clusters[0]?.id ?? '', poolId: pools[0]?.id ?? '' };
  }

  /** A client of whichever gateway this gives at the time of each call; else of the first one. */
  client(gateway: () => Killable = () => this.world.gateway): PatientClient {
    const { username, password } = this.world.cloud.admin;
    return new PatientClient({
      url: () => `${gateway().addresses.main}/ovirt-engine`,
      ca: this.#ca,
      user: `${username}@internal`,
      password,
      proxy: () => gateway().addresses['image proxy'] ?? '',
      up: () => this.world.up(),
    });
  }

  /** Tells a story, in the course of which one process is killed at that point and started again; afterwards nothing of it is left. */
  async killedAt(point: Point, story: (client: PatientClient) => Promise<void>): Promise<PatientClient> {
    const victim = this.world[point.who];
    const before = victim.deaths;
    const client = this.client();
    await victim.order(point.at, point.count, point.next);
    try {
      await story(client);
    } finally {
      await victim.calm();
    }
    const deaths = point.next === undefined ? 1 : 2;
    if (victim.deaths !== before + deaths) throw new Error(`it was not killed ${point.at}: that step does not exist (any more)`);
    await this.nothingIsLeft();
    return client;
  }

  /** Tells a story in which nobody is killed, and gives the steps that gateway and agent take in it. */
  async stepsOf(story: (client: PatientClient) => Promise<void>): Promise<{ gateway: readonly string[]; agent: readonly string[] }> {
    const { gateway, agent } = this.world;
    await Promise.all([gateway.order(), agent.order()]);
    await story(this.client());
    const steps = { gateway: await gateway.steps(), agent: await agent.steps() };
    await Promise.all([gateway.calm(), agent.calm()]);
    return steps;
  }

  async nothingIsLeft(): Promise<void> {
    let left: readonly string[] = [];
    await until(
      async () => {
        left = await this.world.left();
        return left.length === 0;
      },
      { timeoutMs: CLEAN_MS, what: 'nothing to be left' },
    ).catch((error) => {
      throw new Error(`${(error as Error).message}; there is ${left.join(', ')}`);
    });
  }

  /** A volume is as the original, to the last byte. */
  async compare(volume: string): Promise<void> {
    await compareImages(this.#original, this.world.cloud.volumePath(volume), { a: 'qcow2', b: 'qcow2' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
  }
}
