import { mkdir, writeFile } from 'node:fs/promises';
import { systemClock } from '@fairlead/kernel/clock';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { silentLog } from '@fairlead/kernel/log';
import { openStore } from '@fairlead/kernel/store';
import { tempDir } from '@fairlead/testkit/temp';
import { loadConfiguration } from '../../src/compose/configuration.ts';
import { startGateway } from '../../src/compose/gateway.ts';
import { inProcess } from './output.ts';

/** Words of `fairlead cyberapp` on a configuration; nothing runs yet. `sections` follow `[server]` and `[security]`. */
export async function cyberappDesk(sections: (folder: string) => Promise<readonly string[]>) {
  await using scope = new AsyncScope();
  const { path: folder } = scope.use(await tempDir('fairlead-cyberapp-'));
  await mkdir(`${folder}/state`);
  const file = `${folder}/fairlead.ini`;
  const server = `[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1\nstate_dir = ${folder}/state\nrun_dir = ${folder}/run`;
  const write = async (more: readonly string[]) =>
    writeFile(file, [server, '[security]\nhmac_secret = a made up secret of the tests, long enough', ...more].join('\n'), { mode: 0o600 });
  await write(await sections(folder));
  const run = (...words: string[]) => inProcess(['cyberapp', ...words, '--config', file]);
  const held = scope.move();
  return {
    folder,
    /** Other sections from now on. */
    write,
    run,
    json: async <T>(...words: string[]): Promise<T> => JSON.parse((await run(...words, '--json')).stdout) as T,
    gateway: () => startGateway({ config: loadConfiguration({ file, env: {} }), log: silentLog() }),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

export type CyberappDesk = Awaited<ReturnType<typeof cyberappDesk>>;

/** A customer of a partner. */
export async function newCustomer({ run }: CyberappDesk): Promise<string> {
  const partner = (await run('org', 'add', '--name', 'Hosting', '--kind', 'partner')).stdout.trim();
  return (await run('org', 'add', '--name', 'Bakery', '--kind', 'customer', '--parent', partner)).stdout.trim();
}

export const TENANT = 'aaaaaaaa-1111-4111-8111-111111111111';
const PARTNER_TENANT = 'bbbbbbbb-1111-4111-8111-111111111111';

/** Links that customer and its partner, as two callbacks would. */
export async function mapCustomer({ folder, json }: CyberappDesk, organization: string): Promise<void> {
  await using store = await openStore({ stateDir: `${folder}/state`, url: undefined, log: silentLog(), clock: systemClock });
  const organizations = await json<readonly { readonly id: string; readonly kind: string }[]>('org', 'list');
  const partner = organizations.find(({ kind }) => kind === 'partner')?.id ?? '';
  const link = { datacenter_id: 'eu8', datacenter_url: 'https://eu8-cloud.acronis.com', mapped_by_organization_id: partner };
  const rest = { mapped_by_user_id: partner, request_id: partner, created_ms: 1, updated_ms: 1, tenant_state: 'unknown' };
  await store
    .tables<{ cyberapp_mappings: Record<string, unknown> }>()
    .insertInto('cyberapp_mappings')
    .values([
      { organization_id: partner, acronis_tenant_id: PARTNER_TENANT, ...link, ...rest },
      { organization_id: organization, acronis_tenant_id: TENANT, ...link, ...rest },
    ])
    .execute();
}
