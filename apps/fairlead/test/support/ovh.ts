import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeOvh, type FakeOvhOptions } from '@fairlead/ovh/fake';
import { tempDir } from '@fairlead/testkit/temp';
import type { Ended } from './cli.ts';
import { inProcess } from './output.ts';

type Environment = Readonly<Record<string, string>>;

/** An offline OVHcloud API, a home and a working folder of its own, and `fairlead ovh` with nothing but these. Disposing ends all. */
export class OvhWorld implements AsyncDisposable {
  readonly fake: FakeOvh;
  readonly folder: string;
  readonly #scope: AsyncDisposableStack;
  readonly #before = { cwd: process.cwd(), env: { ...process.env } };

  private constructor(fake: FakeOvh, folder: string, scope: AsyncDisposableStack) {
    this.fake = fake;
    this.folder = folder;
    this.#scope = scope;
  }

  static async start(options: FakeOvhOptions = {}): Promise<OvhWorld> {
    const scope = new AsyncDisposableStack();
    const fake = scope.use(await FakeOvh.start(options));
    const { path } = scope.use(await tempDir('ovh-'));
    for (const name of ['home', 'work']) await mkdir(join(path, name));
    const world = new OvhWorld(fake, path, scope);
    process.chdir(world.place('work'));
    return world;
  }

  place(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  async write(name: string, text: string, mode = 0o600): Promise<string> {
    await writeFile(this.place(name), text, { mode });
    return this.place(name);
  }

  /** Variables with the keys of the fake. */
  get keys(): Environment {
    const { applicationKey, applicationSecret, consumerKey } = this.fake.keys;
    return {
      OVH_ENDPOINT: this.fake.apiUrl,
      OVH_APPLICATION_KEY: applicationKey,
      OVH_APPLICATION_SECRET: applicationSecret,
      OVH_CONSUMER_KEY: consumerKey,
    };
  }

  /** `fairlead ovh …` with the keys of the fake. */
  run(...words: readonly string[]): Promise<Ended> {
    return this.runWith(this.keys, ...words);
  }

  /** The same with these variables, and no others that steer it. */
  async runWith(env: Environment, ...words: readonly string[]): Promise<Ended> {
    this.#setEnvironment(env);
    return inProcess(['ovh', ...words]);
  }

  /** As on a terminal. */
  async onTerminal(...words: readonly string[]): Promise<Ended> {
    this.#setEnvironment(this.keys);
    return inProcess(['ovh', ...words], { isTerminal: true });
  }

  #setEnvironment(env: Environment): void {
    for (const name of Object.keys(process.env)) if (name.startsWith('OVH_') || name.startsWith('FAIRLEAD_')) delete process.env[name];
    Object.assign(process.env, { HOME: this.place('home') }, env);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.chdir(this.#before.cwd);
    // Never replaced as a whole: then the system would not see it any more, and its home folder would be another one.
    for (const name of Object.keys(process.env)) if (!(name in this.#before.env)) delete process.env[name];
    Object.assign(process.env, this.#before.env);
    await this.#scope.disposeAsync();
  }
}
