import {
  AccessRules,
  ConfigurationError,
  createTokenLink,
  loadConfig,
  NotGrantedCallError,
  type OvhClient,
  type Settings,
} from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { identityOf, withClient } from '../shared/client.ts';
import { explained } from '../shared/explain-error.ts';
import { identityText } from '../shared/shell.ts';
import { printable, toJson } from '../shared/text.ts';
import { getKey, type RequestWords } from './request.ts';
import { rulesOf } from './rules.ts';
import { standsInGateway } from './save-key.ts';

/**
 * With an application key: asks for a consumer key, waits until it works, keeps it. Without: tells the page where all three keys are made at once.
 * Read-only unless rules are given. Throws ToldError.
 */
export async function logIn(words: RequestWords, output: Output): Promise<void> {
  await explained(words, async () => {
    const config = loadConfig({ ...(await identityOf(words)), auth: 'none' });
    const rules = rulesOf(words, new AccessRules().readOnly());
    if (!hasKey(config, 'application_key')) return tellPage(config, rules, words, output);
    await withClient(words, output, async (client) => {
      const save = !standsInGateway(client.config, words);
      await getKey(client, { rules, words: { ...words, wait: true, save }, output });
      if (!save && words.json !== true) output.tell(`Put it into fairlead.ini: [ovh ${words.account}] consumer_key.`);
      const account = await accountOf(client);
      if (account === undefined) {
        if (words.json !== true) output.tell('The rules of the key do not let it ask whose account this is.');
      } else if (words.json === true) output.print(toJson({ account }));
      else output.print(`${'account'.padEnd(14)}  ${printable(account)}`);
    });
  });
}

/** The key was kept already: that it may not ask this is no failure of the login. */
async function accountOf(client: OvhClient): Promise<string | undefined> {
  try {
    return (await client.credentials.details()).account;
  } catch (error) {
    if (error instanceof NotGrantedCallError) return undefined;
    throw error;
  }
}

function hasKey(config: Settings, key: string): boolean {
  return config.explain().some((row) => row.key === key && row.present);
}

function tellPage(config: Settings, rules: AccessRules, words: RequestWords, output: Output): void {
  const { endpoint } = config;
  if (hasKey(config, 'client_id') || hasKey(config, 'access_token'))
    throw CliError('CLI_USAGE', {
      reason: 'this configuration needs no login: it has a service account or a token (`fairlead ovh whoami`)',
    });
  if (endpoint.createTokenUrl === undefined)
    throw new ConfigurationError(`no page is known where keys for ${endpoint.name} are made: set application_key and application_secret`);
  const link = createTokenLink(endpoint.createTokenUrl, rules.list());
  if (words.json === true) {
    output.print(toJson({ createTokenUrl: link }));
    return;
  }
  output.print(link);
  output.tell('Open that page in a browser, log in and create the keys. Then keep them; the last two are asked for:');
  // An account of fairlead.ini has no part in an ovh.conf.
  const same = identityText({ ...words, account: undefined, tokenUrl: undefined });
  for (const key of ['application_key <key>', 'application_secret', 'consumer_key']) output.tell(`  fairlead ovh config set${same} ${key}`);
}
