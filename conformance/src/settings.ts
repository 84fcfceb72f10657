import type { World } from './world.ts';

/** What a client is told on its standard input: the login must not stand in a list of processes. */
export function settingsText(world: World, workDir: string): string {
  return JSON.stringify({
    api_url: world.apiUrl,
    ca_file: world.caFile,
    user: world.user,
    password: world.password,
    vm_name: world.vmName,
    pool: world.poolPath,
    work: workDir,
  });
}
