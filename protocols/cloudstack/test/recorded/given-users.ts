import { addKeyPair } from '../../src/fake/seed.ts';
import { CloudStackClient } from '../../src/index.ts';
import type { Given, GivenTable } from './given.ts';
import type { World } from './world.ts';

/** Bob stands for the user that the recorder made for these calls; he has two pairs of keys. */
function ofBob(what: 'user' | 'pair'): Given {
  return {
    world: ({ fake, aliases }) => {
      const bob = fake.userRow('bob');
      const pair = addKeyPair(fake.cloud, bob);
      aliases.set('id', what === 'user' ? bob.id : pair.id);
    },
  };
}

/** A job of admin's that has registered keys. */
async function registered({ fake, aliases }: World): Promise<void> {
  using client = new CloudStackClient({ endpoint: fake.url, ...fake.admin });
  const { jobid } = (await client.call('registerUserKeys', { id: fake.userRow('bob').id })) as { jobid: string };
  aliases.set('id', jobid);
}

/** Users and their keys. */
export const GIVEN_USERS: GivenTable = [
  [/^02-registerUserKeys-job-shape$/, { world: registered }],
  [/^02-deleteUserKeys/, ofBob('pair')],
  [/^02-(registerUserKeys|listUserKeys-two|getUserKeys-two)$/, ofBob('user')],
  [
    /^02-getUserKeys-user-without-keys$/,
    {
      world: ({ fake, aliases }) => {
        aliases.set('user/baremetal-system-account', fake.userRow('bob').id);
      },
    },
  ],
  [/^04-(error|login)-user-disabled$/, { world: ({ fake }) => Object.assign(fake.userRow('bob'), { enabled: false }) }],
  [
    /^04-(error|getUserKeys)-apikeyaccess-disabled$/,
    { world: ({ fake }) => Object.assign(fake.userRow('bob'), { apiKeyAccess: 'DISABLED' }) },
  ],
  [/^04-error-resource-limit$/, { world: ({ fake }) => fake.userRow('bob').account.limits.set(2, 0) }],
];
