import { saveConfig } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import { formatTable, type Output } from '../../../output.ts';
import { explained } from '../shared/explain-error.ts';
import { printable, toJson } from '../shared/text.ts';
import type { ConfigWords } from './config-words.ts';
import { readChain, requireWritable, sectionIn } from './files.ts';
import { chosenProfile, keptChoice, profileSection, profilesOf, requireProfileName } from './profile-names.ts';
import { removeSection } from './remove-section.ts';

/** All profiles with endpoint and file; a `*` marks the one in use. Throws ToldError. */
export async function listProfiles(words: ConfigWords, output: Output): Promise<void> {
  await explained(words, async () => {
    const chain = readChain(words);
    const chosen = chosenProfile(chain, words.profile);
    const rows = profilesOf(chain).map(({ name, file }) => {
      const endpoint = sectionIn(file, profileSection(name))?.entries.get('endpoint')?.value;
      return { name, used: name === chosen, endpoint, file: file.path };
    });
    if (words.json === true) output.print(toJson(rows, 2));
    else if (rows.length === 0) output.tell('There are no profiles.');
    else {
      const body = rows.map(({ name, used, endpoint, file }) => [used ? '*' : '', name, endpoint ?? '-', file].map(printable));
      output.print(formatTable([['', 'profile', 'endpoint', 'file'], ...body]));
    }
  });
}

/** Writes `[default] profile` where it stands already, else beside the profile. Throws ToldError. */
export async function useProfile(name: string, words: ConfigWords, output: Output): Promise<void> {
  await explained(words, async () => {
    const chain = readChain(words);
    const kept = keptChoice(chain)?.file;
    if (name === 'default') {
      if (kept === undefined) return told(words, output, { profile: name }, 'No profile is in use.');
      requireWritable(kept);
      await saveConfig(kept.path, 'default', { profile: undefined });
      return told(words, output, { profile: name, file: kept.path }, `No profile is used from now on: ${kept.path} [default].`);
    }
    const file = kept ?? required(chain, name);
    required(chain, name);
    requireWritable(file);
    await saveConfig(file.path, 'default', { profile: name });
    told(words, output, { profile: name, file: file.path }, `The profile ${name} is used from now on: ${file.path} [default].`);
    const { OVH_PROFILE: variable } = process.env;
    if (variable !== undefined && variable.trim() !== '' && variable.trim() !== name)
      tell(words, output, `warning: it has no effect while the variable OVH_PROFILE says ${variable.trim()}`);
  });
}

/** Takes the section away, and the choice of it. Throws ToldError. */
export async function deleteProfile(name: string, words: ConfigWords, output: Output): Promise<void> {
  await explained(words, async () => {
    requireProfileName(name);
    const chain = readChain(words);
    const file = required(chain, name);
    requireWritable(file);
    const kept = keptChoice(chain);
    await removeSection(file.path, sectionIn(file, profileSection(name))?.name ?? profileSection(name));
    told(words, output, { profile: name, file: file.path }, `The profile ${name} was taken out of ${file.path}.`);
    if (kept?.name !== name || profilesOf(readChain(words)).some((one) => one.name === name)) return;
    requireWritable(kept.file);
    await saveConfig(kept.file.path, 'default', { profile: undefined });
    tell(words, output, `It was the one in use: from now on none is (${kept.file.path} [default]).`);
  });
}

function required(chain: ReturnType<typeof readChain>, name: string) {
  const profiles = profilesOf(chain);
  const found = profiles.find((one) => one.name === name);
  if (found !== undefined) return found.file;
  const known = profiles.map((one) => one.name).join(', ') || 'none';
  throw CliError('CLI_OVH_NOT_FOUND', { reason: `there is no profile ${name}; there is: ${known}` });
}

function told(words: ConfigWords, output: Output, facts: object, text: string): void {
  output.print(words.json === true ? toJson(facts) : text);
}

function tell(words: ConfigWords, output: Output, text: string): void {
  if (words.json !== true) output.tell(text);
}
