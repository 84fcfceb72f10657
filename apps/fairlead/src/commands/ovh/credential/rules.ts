import { AccessRules, READ_ONLY, READ_WRITE, READ_WRITE_SAFE } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';

export interface RuleWords {
  readonly allow?: readonly string[];
  readonly allowRecursive?: readonly string[];
  /** And those of the key in use. */
  readonly withCurrent?: boolean;
}

const SETS: Readonly<Record<string, readonly string[]>> = { ro: READ_ONLY, rw: READ_WRITE, rws: READ_WRITE_SAFE };

/** The rules that the options name; without any those that are the default, if there are. Throws `CLI_USAGE`, `OVH_INVALID_CALL`. */
export function rulesOf({ allow = [], allowRecursive = [], withCurrent }: RuleWords, otherwise?: AccessRules): AccessRules {
  const isGiven = allow.length + allowRecursive.length > 0 || withCurrent === true;
  if (!isGiven && otherwise === undefined) throw CliError('CLI_USAGE', { reason: 'a key needs at least one rule: --allow GET:/me' });
  if (!isGiven && otherwise !== undefined) return otherwise;
  const rules = new AccessRules();
  for (const text of allow) rules.allow(...parted(text, '--allow'));
  for (const text of allowRecursive) rules.allowRecursive(...parted(text, '--allow-recursive'));
  return rules;
}

function parted(text: string, option: string): [methods: readonly string[], path: string] {
  const [, methods, path] = /^([A-Za-z,]{1,40})[: ](.+)$/s.exec(text) ?? [];
  if (methods === undefined || path === undefined)
    throw CliError('CLI_USAGE', { reason: `${option} ${JSON.stringify(text)} is not of the form METHOD:/path, as GET:/me` });
  return [SETS[methods.toLowerCase()] ?? methods.split(','), path];
}
