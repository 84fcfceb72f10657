import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for one test; disposing removes it with all it holds. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty folder under the system's temporary one. Unix socket paths end at 108 bytes, so keep `prefix` short. */
export async function tempDir(prefix = 'fairlead-'): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}
