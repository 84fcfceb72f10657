import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bridge as cce, lintFolder, readAccessText } from '@fairlead/bridge-cce';
import { CscpClient } from '@fairlead/cscp';
import { type LoadedConfig, ServerSection } from '@fairlead/kernel/config';
import { EXIT } from '../../exit-codes.ts';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';

const LIMIT_MS = 5000;

/** What the JSON API of BlueOnyx stands on: its backend, the files of schemas and handlers, and the file of client secrets. */
export async function examineCce(config: LoadedConfig, signal: AbortSignal): Promise<readonly Finding[]> {
  if (!config.on(cce.config)) return [];
  const { cce: settings } = config.values(...cce.config);
  const folders = [settings.schema_dir, settings.conf_dir].filter((folder) => folder !== undefined);
  const stateDir = settings.state_dir ?? join(config.value(ServerSection).state_dir, 'cce');
  const backend = settings.backend === 'socket' ? [examineSocket(settings.unix_socket_path, signal)] : folders.map(examineFolder);
  return Promise.all([...backend, examineAccess(join(stateDir, 'access'), settings.api_access.length)]);
}

async function examineSocket(socketPath: string, signal: AbortSignal): Promise<Finding> {
  try {
    await using client = await CscpClient.connect({ socketPath, timeoutMs: LIMIT_MS, signal });
    const { version, suspended } = client.greeting;
    if (suspended === undefined) return ok('cced', `answers at ${socketPath} with CSCP/${version}`);
    return warning('cced', 'is suspended: every write is refused', "`fairlead cce 'ADMIN RESUME'` ends that.");
  } catch (error) {
    return failed('cced', `does not answer at ${socketPath}: ${reasonOf(error)}`, {
      help: 'Start it, or name its socket in [cce] unix_socket_path; without a BlueOnyx take backend = embedded.',
      exit: EXIT.unreachable,
    });
  }
}

async function examineFolder(folder: string): Promise<Finding> {
  try {
    const { files, findings } = await lintFolder(folder);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length === 0) return ok('schemas and handlers', `${files} files in ${folder}`);
    return failed('schemas and handlers', `${errors.length} errors in ${folder}`, { help: `\`fairlead cce lint ${folder}\` names them.` });
  } catch (error) {
    return failed('schemas and handlers', `${folder} cannot be read: ${reasonOf(error)}`, {
      help: 'Name a folder in [cce] schema_dir or conf_dir that the user of Fairlead may read.',
      exit: EXIT.configuration,
    });
  }
}

async function examineAccess(path: string, listed: number): Promise<Finding> {
  const what = 'client secrets';
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) return warning(what, `${path} can be read by others`, `chmod 600 ${path}`);
    const { entries, ignored } = readAccessText(await readFile(path, 'utf8'));
    if (ignored.length > 0) return warning(what, `lines of ${path} that mean nothing: ${ignored.join(', ')}`, 'Mend or remove them.');
    return ok(what, `${entries.size} in ${path}`);
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return ok(what, listed === 0 ? 'none, and no other machine may call' : `${path} will be made`);
    return failed(what, `${path} cannot be read: ${reasonOf(error)}`, {
      help: 'Give it to the user that runs Fairlead.',
      exit: EXIT.notPermitted,
    });
  }
}
