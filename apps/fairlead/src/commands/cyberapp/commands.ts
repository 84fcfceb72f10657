import { type Command, Option } from 'commander';
import type { Output } from '../../output.ts';
import type { CheckOptions } from './check.ts';
import { addConnectorWords } from './connector-words.ts';
import type { DriveOptions } from './drive.ts';
import type { InitOptions } from './init.ts';
import type { AddOrganizationOptions } from './organizations.ts';
import type { CareOptions } from './shared.ts';
import { addSourceWords } from './sources-words.ts';
import type { AddUserOptions, PasswordOptions } from './users.ts';

/** `fairlead cyberapp`: organizations, users and links of the Acronis CyberApp. */
export function addCyberappCommands(program: Command, output: Output): void {
  const cyberapp = program.command('cyberapp').description('care for the Acronis CyberApp: organizations, users, links to tenants');
  const word = (parent: Command, usage: string, description: string): Command =>
    parent.command(usage).description(description).option('-c, --config <file>', 'configuration file').option('--json', 'answer as JSON');
  addInit(cyberapp, word, output);
  addOrganizationWords(cyberapp.command('org').description('partners and their customers'), word, output);
  addUserWords(cyberapp.command('user').description('accounts of partners and people of customers'), word, output);
  addMappingWords(cyberapp.command('mapping').description('which organization is which tenant'), word, output);
  addSourceWords(cyberapp, word, output);
  addConnectorWords(cyberapp, word, output);
  addProofWords(cyberapp, word, output);
}

function addProofWords(cyberapp: Command, word: Word, output: Output): void {
  word(cyberapp, 'check', 'look at the callback listener as Acronis sees it, at the signing keys, the clock and the API clients')
    .option('--url <url>', 'where Acronis reaches it: https://host:8444/callback; that of the configuration when absent')
    .option('--ca <file>', 'PEM of an authority to trust beside the public ones')
    .option('--fake <url>', 'a running `fairlead fake acronis`, which signs what is tried with a wrong password')
    .action(async (options: CheckOptions) => (await import('./check.ts')).checkCyberapp(options, output));
  word(cyberapp.command('request').description('callbacks that came'), 'show <request_id>', 'print what became of one callback').action(
    async (id: string, options: CareOptions) => (await import('./requests.ts')).showRequest(id, options, output),
  );
  cyberapp
    .command('drive <scenario>')
    .description('play the callback gateway of Acronis against a handler: `acceptance` prints the checks that Acronis publishes')
    .requiredOption('--url <url>', 'of the handler: https://host:8444/callback')
    .option('--login <login>', 'account of a partner whom nobody uses meanwhile and who is not enabled')
    .option('--password-file <file>', 'file that holds its password; else FAIRLEAD_PASSWORD, else it is asked for')
    .option('--second <login:file>', 'another account of the same partner, with the file of its password')
    .option('--stranger <login:file>', 'an account of another partner')
    .option('--sub <login:file>', 'an account of a partner below the first')
    .option('--app <code>', 'code of the CyberApp', 'acme.fairlead')
    .option('--ca <file>', 'PEM of the authorities of handler and fake; the public ones when absent')
    .option('--fake <url>', 'a running `fairlead fake acronis`, which signs; when absent keys are made for this run')
    .option('--keys-port <n>', 'port on loopback where the keys of this run are, for `[cyberapp] jwt_issuers`', '8449')
    .option('--datacenter <url>', 'data center that callbacks name', 'https://eu8.acronis.cloud')
    .option('--reset', 'end the enablement that the partner has already')
    .option('--json', 'answer as JSON')
    .action(async (scenario: string, options: DriveOptions) => (await import('./drive.ts')).drive(scenario, options, output));
}

type Word = (parent: Command, usage: string, description: string) => Command;

function addInit(cyberapp: Command, word: Word, output: Output): void {
  word(cyberapp, 'init', 'make the root partner and its first user, whose login and password enable the app')
    .option('--org <name>', 'name of the organization', 'Root')
    .option('--id <uuid>', 'its id; made up when absent')
    .option('--login <login>', 'login of the user', 'root')
    .option('--name <name>', 'name of the user')
    .option('--email <address>', 'address of the user')
    .option('--password-file <file>', 'file that holds the password; else FAIRLEAD_PASSWORD, else it is asked for')
    .option('--demo', 'with five customers and some users')
    .action(async (options: InitOptions) => (await import('./init.ts')).initCyberapp(options, output));
  word(cyberapp, 'import <file>', 'take over the vendor.db of the sample: all of it or nothing')
    .option('--datacenter <url>', 'data center of links that name none')
    .action(async (file: string, options: CareOptions) => (await import('./import.ts')).importVendorFile(file, options, output));
}

function addOrganizationWords(org: Command, word: Word, output: Output): void {
  const load = () => import('./organizations.ts');
  word(org, 'list', 'print all organizations')
    .option('--tree', 'children below their parents')
    .action(async (options: CareOptions) => (await load()).listOrganizations(options, output));
  word(org, 'add', 'add an organization and print its id')
    .requiredOption('--name <name>', 'its name')
    .addOption(new Option('--kind <kind>', 'what it is').choices(['partner', 'customer']).makeOptionMandatory())
    .option('--parent <id>', 'the partner above it; without one it is a root')
    .option('--id <uuid>', 'its id; made up when absent')
    .action(async (options: AddOrganizationOptions) => (await load()).addOrganization(options, output));
  word(org, 'rename <id> <name>', 'give it another name').action(async (id: string, name: string, options: CareOptions) =>
    (await load()).renameOrganization(id, name, options),
  );
  word(org, 'move <id> <parent>', 'hang it with all below it under another partner').action(
    async (id: string, parent: string, options: CareOptions) => (await load()).moveOrganization(id, parent, options),
  );
  word(org, 'set <id> <setting...>', 'push=all|workloads|alerts|none, sees_infrastructure=true|false').action(
    async (id: string, words: string[], options: CareOptions) => (await load()).setOrganization(id, words, options),
  );
  word(org, 'suspend <id>', 'its users cannot log in, the connector leaves it as it is').action(async (id: string, options: CareOptions) =>
    (await load()).suspendOrganization(id, options),
  );
  word(org, 'resume <id>', 'end that').action(async (id: string, options: CareOptions) => (await load()).resumeOrganization(id, options));
  word(org, 'remove <id>', 'remove it; what is below it must be gone')
    .option('--force', 'with its users, its link and its rules')
    .action(async (id: string, options: CareOptions) => (await load()).removeOrganization(id, options));
}

function addUserWords(user: Command, word: Word, output: Output): void {
  const load = () => import('./users.ts');
  word(user, 'list', 'print users')
    .option('--org <id>', 'of one organization')
    .action(async (options: CareOptions) => (await load()).listUsers(options, output));
  word(user, 'add', 'add a user and print the id')
    .requiredOption('--org <id>', 'the organization')
    .requiredOption('--login <login>', 'the login, unique over all organizations')
    .requiredOption('--name <name>', 'the name')
    .requiredOption('--email <address>', 'the address')
    .option('--password-file <file>', 'file that holds the password; without it the user cannot log in yet')
    .action(async (options: AddUserOptions) => (await load()).addUser(options, output));
  word(user, 'password <login>', 'set a password, from a file, FAIRLEAD_PASSWORD or the terminal')
    .option('--password-file <file>', 'file that holds the password')
    .option('--generate', 'make one up and print it once')
    .option('--token', 'print a token by which the user sets one within a day')
    .action(async (login: string, options: PasswordOptions) => (await load()).changePassword(login, options, output));
  word(user, 'suspend <login>', 'the user cannot log in').action(async (login: string, options: CareOptions) =>
    (await load()).setUserState(login, 'suspended', options),
  );
  word(user, 'resume <login>', 'end that').action(async (login: string, options: CareOptions) =>
    (await load()).setUserState(login, 'active', options),
  );
  word(user, 'remove <login>', 'remove the user').action(async (login: string, options: CareOptions) =>
    (await load()).removeUser(login, options),
  );
  word(user, 'unlock <login>', 'end the locks that wrong passwords have set').action(async (login: string, options: CareOptions) =>
    (await load()).unlockUser(login, options, output),
  );
}

function addMappingWords(mapping: Command, word: Word, output: Output): void {
  const load = () => import('./links.ts');
  word(mapping, 'list', 'print links with their state')
    .option('--org <id>', 'of one organization')
    .option('--datacenter <id>', 'of one data center, as eu8')
    .action(async (options: CareOptions) => (await load()).listMappings(options, output));
  word(mapping, 'remove <organization>', 'remove a link here; Acronis keeps its copy').action(async (id: string, options: CareOptions) =>
    (await load()).removeMapping(id, options, output),
  );
}
