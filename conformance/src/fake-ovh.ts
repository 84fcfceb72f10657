import { startFake } from './fake-process.ts';

/** A fake OVHcloud API that runs by itself. */
export interface FakeOvhProcess extends AsyncDisposable {
  /** What a client's program is told on its standard input: addresses and keys of the fake. */
  readonly input: string;
  /** What to trust when it speaks https; empty otherwise. */
  readonly caFile: string;
}

export interface FakeOvhProcessOptions {
  readonly root: string;
  /** Words of `fairlead fake ovh`. */
  readonly words: readonly string[];
  readonly signal: AbortSignal;
}

const MEMBERS = [
  'endpoint',
  'application key',
  'application secret',
  'consumer key',
  'client id',
  'client secret',
  'token url',
  'ca file',
  'control',
] as const;

/** Starts one and reads from its output how to reach it. */
export async function startFakeOvh({ root, words, signal }: FakeOvhProcessOptions): Promise<FakeOvhProcess> {
  const fake = await startFake({ root, words: ['ovh', ...words], lastLine: 'control', signal });
  const members = MEMBERS.map((name) => [name.replace(' ', '_'), fake.value(name)]);
  return {
    input: JSON.stringify(Object.fromEntries(members)),
    caFile: fake.value('ca file'),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}
