import type { Operation } from '@fairlead/cscp/codec';
import type { Command } from 'commander';
import type { Output } from '../../output.ts';
import type { ApiConfigOptions } from './apicfg.ts';
import type { ImportOptions } from './import.ts';
import { addLinkOptions, type LinkOptions } from './link.ts';
import type { CareOptions } from './secrets.ts';
import type { WatchOptions } from './watch.ts';

interface OneOptions extends LinkOptions {
  readonly json?: boolean;
  readonly sort?: string;
  readonly sortType?: string;
}

type MakeOperations = (args: readonly string[], options: OneOptions) => Promise<readonly Operation[]> | readonly Operation[];

/** `fairlead cce`: a raw command, a word for each common one, or a conversation. */
export function addCceCommands(program: Command, output: Output): void {
  const cce = addLinkOptions(program.command('cce [command...]'))
    .description('speak CSCP to a cced, or to the JSON API of a gateway')
    .option('--json', 'answer as JSON')
    .action(async (words: string[], options: OneOptions) => (await import('./run.ts')).runRaw(words, options, output));
  const add = (usage: string, description: string, make: MakeOperations): Command =>
    addLinkOptions(cce.command(usage).description(description))
      .option('--json', 'answer as JSON')
      .action(async (...given: unknown[]) => {
        const options = { ...cce.opts(), ...(given.at(-2) as OneOptions) };
        const args = given
          .slice(0, -2)
          .flat()
          .filter((one) => typeof one === 'string');
        await (await import('./run.ts')).runOperations(await make(args, options), options, output);
      });
  addReading(add);
  addWriting(add);
  addExport(cce, output);
  addImport(cce, output);
  addWatching(cce, output);
  addCareCommands(cce, output);
}

type Add = (usage: string, description: string, make: MakeOperations) => Command;

function addReading(add: Add): void {
  add('get <oid> [namespace]', 'show the properties of an object (5, 5.Email or 5 Email)', async ([target = '', namespace]) => [
    { verb: 'GET', ...(await import('./words.ts')).readTarget(target, namespace) },
  ]);
  add(
    'find <class> [criterion...]',
    'list objects: key=value, key~regex, all of them must hold',
    async ([name = '', ...words], options) => {
      const { readCriteria, readSort } = await import('./words.ts');
      return [{ verb: 'FIND', class: name, criteria: readCriteria(words), sort: readSort(options) }];
    },
  )
    .option('--sort <property>', 'in the order of this property')
    .option('--sort-type <type>', 'ascii, old_numeric, ip, hostname, locale(xx_YY)', 'ascii');
  add('names <oid-or-class>', 'list the namespaces of an object or a class', ([of = '']) => [{ verb: 'NAMES', of }]);
  add('classes', 'list the classes', () => [{ verb: 'CLASSES' }]);
}

function addWriting(add: Add): void {
  add('set <oid> [value...]', 'change properties (5 or 5.Email): key=value, key=@/path, key=@-', async ([target = '', ...words]) => {
    const { readTarget, readValues } = await import('./words.ts');
    return [{ verb: 'SET', ...readTarget(target, undefined), values: await readValues(words) }];
  });
  add('create <class> [value...]', 'make an object and print its OID', async ([name = '', ...words]) => [
    { verb: 'CREATE', class: name, values: await (await import('./words.ts')).readValues(words) },
  ]);
  add('destroy <oid...>', 'remove objects', (oids) => oids.map((oid) => ({ verb: 'DESTROY', oid }) as const));
}

/** Everything at once. */
function addExport(cce: Command, output: Output): void {
  addLinkOptions(cce.command('export [class...]'))
    .description('print all objects as JSON lines, as [cce] fixtures takes them')
    .action(async (classes: string[], options: LinkOptions) =>
      (await import('./export.ts')).exportObjects(classes, { ...cce.opts<LinkOptions>(), ...options }, output),
    );
}

/** Into the store of a configuration: over a socket nobody can choose an OID. */
function addImport(cce: Command, output: Output): void {
  cce
    .command('import <file>')
    .description('put exported objects (a file, or - for the standard input) into the database of the embedded engine: all or nothing')
    .option('-c, --config <file>', 'configuration file, of which [store] and [cce] count')
    .option('--data <folder>', 'without a configuration file: the folder of fairlead cced --data')
    .option('--json', 'report as JSON')
    .action(async (file: string, options: ImportOptions) =>
      (await import('./import.ts')).importFile(file, { ...cce.opts<ImportOptions>(), ...options }, output),
    );
}

/** What is committed, as it happens, and what follows from the database for this API itself. */
function addWatching(cce: Command, output: Output): void {
  addLinkOptions(cce.command('watch [filter...]'))
    .description(
      'print what is committed, of Class, Class.Namespace, Class.property or Class.Namespace.property (a socket needs [cce] extensions)',
    )
    .option('--count <number>', 'end after so many events')
    .option('--json', 'a line of JSON for each event')
    .action(async (filters: string[], options: WatchOptions) =>
      (await import('./watch.ts')).watchObjects(filters, { ...cce.opts<WatchOptions>(), ...options }, output),
    );
  addLinkOptions(cce.command('apicfg'))
    .description('write the configuration file of this API from System.API')
    .option('--file <path>', 'the file (else [cce] conf_file, else /etc/cced-api/config/cced-api.conf)')
    .action(async (options: ApiConfigOptions) =>
      (await import('./apicfg.ts')).writeApiConfig({ ...cce.opts<ApiConfigOptions>(), ...options }, output),
    );
}

/** What needs no connection: schemas, secrets and bans of this machine. */
function addCareCommands(cce: Command, output: Output): void {
  const withOptions = (command: Command) => command.option('-c, --config <file>', 'configuration file').option('--json', 'answer as JSON');
  // Options that stand before the word count as well.
  const merged = (options: CareOptions): CareOptions => ({ ...cce.opts<CareOptions>(), ...options });
  withOptions(cce.command('lint <folder>'))
    .description('check .schema and .conf files; exit code 1 when one has an error')
    .action(async (folder: string, options: CareOptions) => (await import('./lint.ts')).printLint(folder, merged(options), output));
  const secrets = cce.command('secrets').description('client secrets of other machines');
  withOptions(secrets.command('list'))
    .description('say who has one, and what it may do')
    .action(async (options: CareOptions) => (await import('./secrets.ts')).listSecrets(merged(options), output));
  withOptions(secrets.command('rotate <entry>'))
    .description('give an entry of api_access a new secret and print it')
    .action(async (entry: string, options: CareOptions) => (await import('./secrets.ts')).rotateSecret(entry, merged(options), output));
  withOptions(secrets.command('revoke <entry>'))
    .description('take the secret of an entry away')
    .action(async (entry: string, options: CareOptions) => (await import('./secrets.ts')).revokeSecret(entry, merged(options), output));
  const bans = cce.command('bans').description('addresses and users that failed to log in too often');
  withOptions(bans.command('list'))
    .description('say who is banned, and until when')
    .action(async (options: CareOptions) => (await import('./bans.ts')).listBans(merged(options), output));
  withOptions(bans.command('lift <who>'))
    .description('end a ban at once')
    .action(async (who: string, options: CareOptions) => (await import('./bans.ts')).liftBan(who, merged(options), output));
}
