import { startFake } from './fake-process.ts';

/** A fake CloudStack that runs by itself, as anybody would start one for a foreign client. */
export interface FakeCloud extends AsyncDisposable {
  /** `http://…/client/api`. */
  readonly endpoint: string;
  /** `http://…/_fake/`. */
  readonly control: string;
  /** Of the root admin. */
  readonly key: string;
  readonly secret: string;
}

export interface FakeCloudOptions {
  readonly root: string;
  /** Folder of the volumes; must exist. */
  readonly pool: string;
  /** Further words of `fairlead fake cloudstack`. */
  readonly words: readonly string[];
  readonly signal: AbortSignal;
}

/** Starts one and reads from its output how to reach it. */
export async function startFakeCloud({ root, pool, words, signal }: FakeCloudOptions): Promise<FakeCloud> {
  const fake = await startFake({ root, words: ['cloudstack', '--pool', pool, ...words], lastLine: 'volumes', signal });
  return {
    endpoint: fake.value('endpoint'),
    control: fake.value('control'),
    key: fake.value('api key'),
    secret: fake.value('secret key'),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}
