import type { Command } from 'commander';
import type { Output } from '../../output.ts';
import type { ManifestOptions } from './manifest.ts';
import type { CareOptions } from './shared.ts';
import type { AddSourceOptions } from './sources.ts';

type Word = (parent: Command, usage: string, description: string) => Command;

/** Words about what belongs to whom, and what of it Acronis is to know. */
export function addSourceWords(cyberapp: Command, word: Word, output: Output): void {
  addRuleWords(cyberapp.command('source').description('rules: what of the sources belongs to which customer'), word, output);
  word(cyberapp, 'preview <organization>', 'what its tenant is to show now; --json prints the very bodies').action(
    async (organization: string, options: CareOptions) =>
      (await import('./preview.ts')).printPreview(organization.toLowerCase(), options, output),
  );
  word(cyberapp, 'manifest', 'everything to register in the Vendor Portal')
    .option('--markdown', 'as a page to work through (the default)')
    .option('--url <base>', 'how Acronis reaches the callbacks, as https://gateway.example:8444')
    .action(async (options: ManifestOptions) => (await import('./manifest.ts')).printManifest(options, output));
}

function addRuleWords(source: Command, word: Word, output: Output): void {
  const load = () => import('./sources.ts');
  word(source, 'list', 'print the rules')
    .option('--org <id>', 'of one organization')
    .action(async (options: CareOptions) => (await load()).listSources(options, output));
  word(
    source,
    'add <organization> <source> <kind> <selector>',
    'add a rule and print its id; as: <id> cloudstack account ROOT/bakery/admin',
  )
    .option('--priority <number>', 'of several rules that fit, the highest holds; default 0')
    .action(async (organization: string, name: string, kind: string, selector: string, options: AddSourceOptions) =>
      (await load()).addSource([organization, name, kind, selector], options, output),
    );
  word(source, 'remove <id>', 'remove a rule').action(async (id: string, options: CareOptions) => (await load()).removeSource(id, options));
  word(source, 'unassigned', 'print what would be shown at Acronis, if a rule said whose it is').action(async (options: CareOptions) =>
    (await load()).listUnassigned(options, output),
  );
  word(source, 'explain <item>', 'print whose an item is, and by which rules').action(async (key: string, options: CareOptions) =>
    (await load()).explainItem(key, options, output),
  );
}
