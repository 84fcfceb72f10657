import { tempDir } from '@fairlead/testkit/temp';
import { FakeClock, FakeCloudStack, type FakeCloudStackOptions } from '../src/fake/index.ts';
import {
  CloudStackClient,
  type CloudStackClientOptions,
  type CloudStackClock,
  CloudStackError,
  type CloudStackErrorCode,
} from '../src/index.ts';

/** A fake with a folder of its own, whose clock stands still but for what waits turn it on. */
export interface Cloud extends AsyncDisposable {
  readonly fake: FakeCloudStack;
  /** A clock that is the fake's, and whose waits cost no time. */
  readonly clock: CloudStackClock;
  /** The waits so far, in ms. */
  readonly waits: readonly number[];
  /** A client of admin's, or of another user's. */
  client(options?: Partial<CloudStackClientOptions> & { user?: string }): CloudStackClient;
}

export async function openCloud(options: Partial<FakeCloudStackOptions> = {}): Promise<Cloud> {
  const folder = await tempDir('cs-');
  const fake = await FakeCloudStack.start({
    poolPath: folder.path,
    clock: new FakeClock(Date.now()),
    exportApis: true,
    backupFramework: true,
    ...options,
  });
  const waits: number[] = [];
  const clients: CloudStackClient[] = [];
  const clock: CloudStackClock = {
    now: () => fake.clock.now(),
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      fake.clock.advance(ms);
      return Promise.resolve();
    },
  };
  return {
    fake,
    clock,
    waits,
    client({ user = 'admin', ...more } = {}) {
      const { apiKey, secretKey } = fake.user(user);
      const client = new CloudStackClient({ endpoint: fake.url, apiKey, secretKey, clock, ...more });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await fake.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The CloudStackError that a call ends with; its code must be this one. */
export async function failure(call: Promise<unknown>, code: CloudStackErrorCode): Promise<CloudStackError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CloudStackError) || error.code !== code)
    throw new Error(`expected ${code}, got ${String(error)}`, { cause: error });
  return error;
}
