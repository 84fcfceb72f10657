import { CliError } from '../../../cli-errors.ts';
import { type ChainFile, sectionIn } from './files.ts';

const PREFIX = 'profile:';

export function profileSection(profile: string): string {
  return `${PREFIX}${profile}`;
}

/** The profile of an option, else of the variable, else of the files; undefined: none, which is called `default`. */
export function chosenProfile(chain: readonly ChainFile[], option: string | undefined): string | undefined {
  const name = option ?? (process.env.OVH_PROFILE?.trim() || undefined) ?? keptChoice(chain)?.name;
  return name === 'default' ? undefined : name;
}

/** The `[default] profile` that counts, and the file that has it. */
export function keptChoice(chain: readonly ChainFile[]): { readonly name: string; readonly file: ChainFile } | undefined {
  for (const file of chain) {
    const name = sectionIn(file, 'default')?.entries.get('profile')?.value;
    if (name !== undefined && name !== '') return { name, file };
  }
  return undefined;
}

/** Names of all profiles with the highest file that has them. */
export function profilesOf(chain: readonly ChainFile[]): readonly { readonly name: string; readonly file: ChainFile }[] {
  const found = new Map<string, ChainFile>();
  for (const file of chain) {
    for (const { name } of file.ini?.sections ?? []) {
      if (!name.toLowerCase().startsWith(PREFIX)) continue;
      const profile = name.slice(PREFIX.length).trim();
      if (!found.has(profile)) found.set(profile, file);
    }
  }
  return [...found].map(([name, file]) => ({ name, file })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `default` names no profile, so that it can be neither made nor deleted (ovh 3.1). Throws `CLI_USAGE`. */
export function requireProfileName(name: string): void {
  if (name === 'default') throw CliError('CLI_USAGE', { reason: '`default` means that no profile is used; it cannot be made or deleted' });
  if (!/^[\w.@ -]{1,64}$/.test(name) || name.trim() !== name)
    throw CliError('CLI_USAGE', { reason: 'a profile has up to 64 letters, digits, dots, hyphens, underscores and blanks in its name' });
}
