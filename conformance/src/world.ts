import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLog } from '@fairlead/kernel/log';

/** The gateway of the demo with its fake CloudStack: what `apps/fairlead` starts for `./dev demo`. */
export interface World extends AsyncDisposable {
  /** `https://…/ovirt-engine/api`. */
  readonly apiUrl: string;
  readonly caFile: string;
  readonly user: string;
  readonly password: string;
  readonly vmName: string;
  /** Folder of the volumes. */
  readonly poolPath: string;
}

/** Apps have no doors, so the demo's world is loaded by its path. Its log goes to `gateway.log` in `stateDir`. */
export async function startWorld(root: string, stateDir: string): Promise<World> {
  const path = join(root, 'apps/fairlead/src/demo/world.ts');
  const { startWorld: start } = await import(pathToFileURL(path).href);
  return start({ stateDir, log: createLog({ file: join(stateDir, 'gateway.log'), level: 'info' }) });
}
