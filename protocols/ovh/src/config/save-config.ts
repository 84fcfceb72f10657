import { ConfigurationError } from '../errors/errors.ts';
import { replaceFile } from '../files/replace-file.ts';
import { builtin } from '../platform.ts';
import { editIni, type IniChanges } from './edit-ini.ts';

/**
 * Keeps values in one section of a configuration file, made if there is none: what else stands in it stays. The file is replaced
 * as a whole, so that a reader finds the old or the new one, and only its owner may read it (spec 11).
 * @param section as `ovh-eu` or `profile:work`
 * @throws ConfigurationError when the file cannot be read or written
 */
export async function saveConfig(file: string, section: string, changes: IniChanges): Promise<void> {
  const { readFile, realpath } = builtin('node:fs/promises');
  const target = await realpath(file).catch(() => file);
  const bytes = await readFile(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return new Uint8Array();
    throw new ConfigurationError(`${file} cannot be read (${error.code ?? 'unknown reason'})`, error);
  });
  const edited = editIni(utf8Of(bytes, file), section, changes, file);
  try {
    await replaceFile(target, edited);
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`, error);
  }
}

function utf8Of(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ConfigurationError(`${file} is no UTF-8 text`);
  }
}
