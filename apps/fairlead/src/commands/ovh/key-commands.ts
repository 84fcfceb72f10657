import type { Command } from 'commander';
import type { Output } from '../../output.ts';
import { addAppCommands } from './app/words.ts';
import { addCredentialCommands, addLogin } from './credential/words.ts';
import { addInventoryCommands } from './inventory/words.ts';
import { addOAuth2Commands } from './oauth2/words.ts';
import { addSchemaCommands } from './schema/words.ts';

/** Keys, schemas and inventory: the other half of `fairlead ovh`. */
export function addOvhKeyCommands(ovh: Command, output: Output): void {
  for (const add of [addLogin, addCredentialCommands, addAppCommands, addOAuth2Commands, addSchemaCommands, addInventoryCommands])
    add(ovh, output);
}
