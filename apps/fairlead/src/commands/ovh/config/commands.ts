import type { Command } from 'commander';
import type { Output } from '../../../output.ts';
import { filled } from '../shared/values.ts';
import type { ConfigWords } from './config-words.ts';

/** `fairlead ovh config`: what is configured, where it stands, and how to change it. */
export function addOvhConfigCommands(ovh: Command, output: Output): void {
  const config = ovh.command('config').description('see and change the ovh.conf files; secrets are never shown');
  const add = (parent: Command, usage: string, description: string): Command =>
    parent
      .command(usage)
      .description(description)
      .option('--profile <name>', 'this profile (else the variable OVH_PROFILE, else [default] profile)', filled)
      .option('--endpoint <name>', 'as if this were the endpoint', filled)
      .option('-c, --config <file>', 'an ovh.conf that counts before all others', filled)
      .option('--json', 'answer as JSON');
  add(config, 'show', 'what counts: each key, where it comes from, and what hides it').action(async (options: ConfigWords) =>
    (await import('./show.ts')).showConfiguration(options, output),
  );
  add(config, 'path', 'the files that are looked for, first the one that counts most').action(async (options: ConfigWords) =>
    (await import('./show.ts')).printPaths(options, output),
  );
  add(config, 'get <key>', 'one value; of a secret only where it stands').action(async (key: string, options: ConfigWords) =>
    (await import('./show.ts')).printKey(key, options, output),
  );
  add(config, 'set <key> [value]', 'keep a value, or @file, or @- (standard input); a secret is never a word: give @file or @-').action(
    async (key: string, value: string | undefined, options: ConfigWords) =>
      (await import('./set-value.ts')).setValue({ key, value }, options, output),
  );
  const profile = config.command('profile').description('named sets of endpoint and keys');
  add(profile, 'list', 'all profiles, and which one is in use').action(async (options: ConfigWords) =>
    (await import('./profiles.ts')).listProfiles(options, output),
  );
  add(profile, 'use <name>', 'use this profile from now on; `default` for none').action(async (name: string, options: ConfigWords) =>
    (await import('./profiles.ts')).useProfile(name, options, output),
  );
  add(profile, 'delete <name>', 'take a profile with all its keys out of its file').action(async (name: string, options: ConfigWords) =>
    (await import('./profiles.ts')).deleteProfile(name, options, output),
  );
}
