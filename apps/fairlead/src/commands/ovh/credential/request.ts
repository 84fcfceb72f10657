import type { AccessRules, OvhClient } from '@fairlead/ovh';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import { printable, toJson } from '../shared/text.ts';
import { type RuleWords, rulesOf } from './rules.ts';
import { type KeyPlace, keyPlace, saveKey } from './save-key.ts';

export interface RequestWords extends ClientWords, RuleWords {
  readonly redirect?: string;
  readonly ip?: readonly string[];
  readonly wait?: boolean;
  /** ms. */
  readonly waitFor: number;
  readonly save?: boolean;
}

/**
 * Asks for a consumer key (ovh 3.12). It is printed once, or kept in a file: with `--wait` only when it works.
 * Throws ToldError: `CLI_USAGE`, `OVH_WAIT_FAILED` when it is refused, `OVH_TIMEOUT` when nobody agrees in time.
 */
export async function requestCredential(words: RequestWords, output: Output): Promise<void> {
  await withClient(words, output, async (client) => {
    await getKey(client, { rules: rulesOf(words), words, output });
  });
}

interface KeyWish {
  readonly rules: AccessRules;
  readonly words: RequestWords;
  readonly output: Output;
}

/** From the request to the key that works, as far as the options want it. */
export async function getKey(client: OvhClient, { rules, words, output }: KeyWish): Promise<void> {
  // Whether it can be kept is known before anybody is asked.
  const place = words.save === true ? keyPlace(client.config, words) : undefined;
  if (words.withCurrent === true) for (const { method, path } of (await client.credentials.current()).rules) rules.allow(method, path);
  const { validationUrl, consumerKey, state } = await client.credentials.request({
    rules,
    redirection: words.redirect,
    allowedIPs: words.ip,
  });
  const print = printer(words, output);
  print({ validationUrl, ...(place === undefined && { consumerKey }), state });
  if (words.wait === true) {
    if (words.json !== true) output.tell('Waiting until somebody has opened that page and agreed …');
    const credential = await client.credentials.waitUntilValidated({ timeout: words.waitFor });
    print({ state: credential.status, credentialId: credential.credentialId, expiration: credential.expiration ?? 'never' });
  }
  if (place !== undefined) await keep(place, consumerKey, { words, output, print });
}

type Step = Readonly<Record<string, string | number>>;

interface Keeping extends Pick<KeyWish, 'words' | 'output'> {
  readonly print: (step: Step) => void;
}

async function keep(place: KeyPlace, consumerKey: string, { words, output, print }: Keeping): Promise<void> {
  const isUsed = await saveKey(place, consumerKey, words).catch((error: unknown) => {
    // It is there and works, and nobody could end it without knowing it.
    print({ consumerKey });
    throw error;
  });
  print({ savedIn: place.file, section: place.section });
  if (words.json === true) return;
  if (!isUsed) output.tell('Calls do not use it: another source counts before that file (`fairlead ovh config show`).');
  if (words.wait !== true) output.tell('The key works once that page was opened and agreed to.');
}

const LABELS: Readonly<Record<string, string>> = {
  validationUrl: 'validation url',
  consumerKey: 'consumer key',
  credentialId: 'credential',
  expiration: 'ends',
  savedIn: 'saved in',
};

/** A line of JSON for each step, or a line for each fact. */
function printer({ json }: RequestWords, output: Output): (step: Step) => void {
  if (json === true) return (step) => output.print(toJson(step));
  return (step) => {
    for (const [name, value] of Object.entries(step)) output.print(`${(LABELS[name] ?? name).padEnd(14)}  ${printable(String(value))}`);
  };
}
