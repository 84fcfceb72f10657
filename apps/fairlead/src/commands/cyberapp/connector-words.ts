import type { Command } from 'commander';
import type { Output } from '../../output.ts';
import type { RunConnectorOptions } from './connector-run.ts';
import type { CareOptions } from './shared.ts';

type Word = (parent: Command, usage: string, description: string) => Command;

/** Words about what is pushed to Acronis. */
export function addConnectorWords(cyberapp: Command, word: Word, output: Output): void {
  const connector = cyberapp.command('connector').description('push workloads and alerts to Acronis, and look after that');
  addRunWords(connector, word, output);
  addCareWords(connector, word, output);
  addAlertWords(cyberapp.command('alert').description('alerts that are raised at Acronis'), word, output);
}

function addRunWords(connector: Command, word: Word, output: Output): void {
  const load = () => import('./connector-run.ts');
  word(connector, 'run', 'push once, in turn with the gateways')
    .requiredOption('--once', 'one run; runs that repeat are the gateway’s')
    .option('--dry-run', 'print what a run would do, a line of JSON each; nothing is changed (exit code 3: there is something to do)')
    .option('--remote', 'a dry run asks Acronis what it has')
    .option('--org <id>', 'only this organization')
    .option('--allow-deletes <id>', 'what is missing of this organization may be removed, however much it is; may be repeated', collect, [])
    .action(async (options: RunConnectorOptions) => (await load()).runConnector(options, output));
  word(connector, 'reconcile', 'a run that compares everything with what Acronis has')
    .option('--org <id>', 'only this organization')
    .action(async (options: RunConnectorOptions) => (await load()).reconcile(options, output));
}

function collect(id: string, ids: readonly string[]): readonly string[] {
  return [...ids, id];
}

function addCareWords(connector: Command, word: Word, output: Output): void {
  const load = () => import('./connector-care.ts');
  word(connector, 'status', 'how pushing goes: data centers, and tenants that something is wrong with').action(
    async (options: CareOptions) => (await load()).printStatus(options, output),
  );
  word(connector, 'retry <what>', 'try again what was refused or waits: of an organization, or of one item').action(
    async (what: string, options: CareOptions) => (await load()).retryConnector(what, options, output),
  );
  word(connector, 'pause <what>', 'push nothing to a data center, as eu8, or for an organization').action(
    async (what: string, options: CareOptions) => (await load()).pauseConnector(what, options, output),
  );
  word(connector, 'resume <what>', 'end a pause, whoever began it').action(async (what: string, options: CareOptions) =>
    (await load()).resumeConnector(what, options, output),
  );
}

function addAlertWords(alert: Command, word: Word, output: Output): void {
  const load = () => import('./alerts.ts');
  word(alert, 'list', 'print alerts that are not closed')
    .option('--org <id>', 'of one organization')
    .option('--open', 'only those that Acronis shows')
    .action(async (options: CareOptions) => (await load()).printAlerts(options, output));
  word(alert, 'close <key>', 'dismiss an alert at Acronis; while it stays true no other one is raised')
    .option('--org <id>', 'of one organization')
    .action(async (key: string, options: CareOptions) => (await load()).closeByOperator(key, options, output));
}
