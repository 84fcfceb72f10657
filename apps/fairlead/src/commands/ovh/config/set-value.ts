import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { loadConfig, saveConfig } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { askQuietly, withoutLineEnd } from '../../cce/password.ts';
import { explained } from '../shared/explain-error.ts';
import { toJson } from '../shared/text.ts';
import { type ConfigWords, configurationOf } from './config-words.ts';
import { type ChainFile, readChain, requireWritable, sectionIn, usualFile } from './files.ts';
import { chosenProfile, profileSection, requireProfileName } from './profile-names.ts';
import { useProfile } from './profiles.ts';
import { placeOf, readSettings } from './show.ts';

const SECRETS: ReadonlySet<string> = new Set(['application_secret', 'consumer_key', 'client_secret', 'access_token']);
const OPEN: ReadonlySet<string> = new Set(['endpoint', 'profile', 'application_key', 'client_id']);
/** Read rights of the group or of everybody. */
const READABLE_BY_OTHERS = 0o044;

interface Given {
  readonly key: string;
  readonly value: string | undefined;
}

/**
 * Keeps one value in the file that supplied the profile or the section, made if there is none; tells which. Secrets come from a file or
 * the standard input. Throws ToldError.
 */
export async function setValue(given: Given, words: ConfigWords, output: Output): Promise<void> {
  await explained(words, async () => {
    const key = checkedKey(given.key);
    if (key === 'profile') return useProfile(await readValue(key, given.value), words, output);
    const target = targetOf(key, words);
    requireWritable(target.file);
    const value = await readValue(key, given.value);
    // Else no call would work any more, nor would this word.
    if (key === 'endpoint') loadConfig({ endpoint: value, auth: 'none', env: false, files: false });
    await saveConfig(target.file.path, target.section, { [key]: value });
    const { path, mode = 0 } = target.file;
    if (words.json === true) output.print(toJson({ key, file: path, section: target.section }));
    else output.print(`${key} was kept in ${path} [${target.section}].`);
    if (words.json === true) return;
    if ((mode & READABLE_BY_OTHERS) !== 0) output.tell(`${path} could be read by others; now only its owner may.`);
    tellHidden(key, path, words, output);
  });
}

function checkedKey(key: string): string {
  const folded = key.toLowerCase();
  if (SECRETS.has(folded) || OPEN.has(folded)) return folded;
  if (/^header\.[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(key)) return key;
  throw CliError('CLI_USAGE', { reason: `there is no key ${key}: ${[...OPEN, ...SECRETS].join(', ')}, header.<Name>` });
}

/** A secret in the words would stand in the process list and in the history of the shell. */
async function readValue(key: string, given: string | undefined): Promise<string> {
  const isSecret = SECRETS.has(key);
  if (given === undefined && !isSecret) throw CliError('CLI_USAGE', { reason: `give the value of ${key}` });
  if (isSecret && given !== undefined && !given.startsWith('@'))
    throw CliError('CLI_USAGE', {
      reason: `${key} is a secret, and words stand in the process list: give @file, or @- for the standard input`,
    });
  const value = given === undefined && process.stdin.isTTY ? await askQuietly(`${key}: `) : await textOf(given ?? '@-');
  if (value === '') throw CliError('CLI_USAGE', { reason: `the value of ${key} is empty` });
  if (/[\r\n]/.test(value)) throw CliError('CLI_USAGE', { reason: `the value of ${key} has more than one line` });
  return value;
}

async function textOf(given: string): Promise<string> {
  if (given === '@-') return withoutLineEnd(await readAll(process.stdin)).trim();
  return given.startsWith('@') ? withoutLineEnd(await readFile(given.slice(1), 'utf8')).trim() : given;
}

interface Target {
  readonly file: ChainFile;
  readonly section: string;
}

function targetOf(key: string, words: ConfigWords): Target {
  const chain = readChain(words);
  const profile = chosenProfile(chain, words.profile);
  if (profile !== undefined) requireProfileName(profile);
  const section = profile === undefined ? plainSection(key, chain, words) : profileSection(profile);
  // What --config names is what is meant, whatever else there is.
  const standing = words.config === undefined ? chain.find((file) => sectionIn(file, section) !== undefined) : undefined;
  const file = standing ?? usualFile(chain);
  return { file, section: sectionIn(file, section)?.name ?? section };
}

function plainSection(key: string, chain: readonly ChainFile[], words: ConfigWords): string {
  if (key === 'endpoint') return 'default';
  // A named file that is yet to be made says nothing about the endpoint.
  const isNew = chain.some((file) => file.kind === 'named' && file.state === 'absent');
  const env = isNew ? { ...process.env, OVH_CONFIG: undefined } : process.env;
  const { endpoint } = loadConfig({
    ...configurationOf(words),
    ...(isNew && { configFile: undefined }),
    profile: 'default',
    auth: 'none',
    env,
  });
  return endpoint.brand === 'custom' ? endpoint.baseUrl : endpoint.name;
}

/** What was written may not be what counts. */
function tellHidden(key: string, path: string, words: ConfigWords, output: Output): void {
  const { settings } = readSettings(words);
  const [winner] = settings.explain().filter((row) => row.present && row.key.toLowerCase() === key.toLowerCase());
  if (winner !== undefined && winner.file !== path) output.tell(`warning: it has no effect, since ${placeOf(winner)} goes before it`);
  else if (winner?.note !== undefined) output.tell(`warning: it is ${winner.note}`);
}
