import { type Command, Option } from 'commander';
import type { Output } from '../../../output.ts';
import { addClientOptions } from '../shared/client.ts';
import { addPrintOptions } from '../shared/print-options.ts';
import type { DiffWords } from './diff.ts';
import type { GenerateWords } from './generate.ts';
import type { DescribeWords, LookWords } from './look.ts';
import type { UpdateWords } from './update.ts';

/** `fairlead ovh schema …`: what the API publishes about itself. */
export function addSchemaCommands(ovh: Command, output: Output): void {
  const schema = ovh.command('schema').description('routes and models of the API, from its own documents');
  addClientOptions(schema.command('update [section...]'))
    .description('fetch the documents, of all sections or of some (vps, dedicated/server, v2/iam); no key is needed')
    .addOption(folderOption())
    .addOption(new Option('--form <form>', 'which of the two published forms').choices(['openapi', 'ovh']).default('openapi'))
    .option('--json', 'answer as JSON')
    .action(async (sections: string[], words: UpdateWords) => (await import('./update.ts')).updateSchemas(sections, words, output));
  looking(schema.command('list [section]'))
    .description('list the sections, or the routes of one')
    .action(async (section: string | undefined, words: LookWords) => (await import('./look.ts')).listSchemas(section, words, output));
  looking(schema.command('describe <route...>'))
    .description('describe a route: its parameters, body, answer and rights; with a method before it only that')
    .option('--models', 'also the models that stand in others')
    .action(async (route: string[], words: DescribeWords) => (await import('./look.ts')).describeOne(route, words, output));
  looking(schema.command('search <word...>'))
    .description('search routes whose method, path or description has all of the words')
    .action(async (query: string[], words: LookWords) => (await import('./look.ts')).searchSchemas(query, words, output));
  schema
    .command('diff <before> <after>')
    .description('compare the documents of two folders: routes that were added, removed, deprecated, changed')
    .option('--exit-code', 'end with exit code 3 when there is a difference')
    .option('--json', 'answer as JSON')
    .action(async (before: string, after: string, words: DiffWords) =>
      (await import('./diff.ts')).diffSchemas({ before, after }, words, output),
    );
  addGenerate(schema, output);
}

function addGenerate(schema: Command, output: Output): void {
  schema
    .command('generate')
    .description('make TypeScript types and metadata of the routes for createClient<Routes>()')
    .requiredOption('--from <folder>', 'the documents, as schema update wrote them')
    .requiredOption('--out <folder>', 'where <universe>.ts and <universe>.metadata.json go')
    .option('--universe <name>', 'what the files are called', 'eu')
    .option('--json', 'answer as JSON')
    .option('--date <day>', 'day of the documents, 2026-11-22; today when absent')
    .action(async (words: GenerateWords) => (await import('./generate.ts')).generateFiles(words, output));
}

/** Looks into documents that were fetched before. */
function looking(command: Command): Command {
  return addPrintOptions(command)
    .addOption(folderOption())
    .option('--endpoint <name>', 'documents of this endpoint, when no folder is named');
}

function folderOption(): Option {
  return new Option('--folder <folder>', 'where the documents are (else a folder of the endpoint in $XDG_CACHE_HOME or ~/.cache)');
}
