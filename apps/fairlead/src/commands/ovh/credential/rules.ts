import { AccessRules, READ_ONLY, READ_WRITE, READ_WRITE_SAFE } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { ClientWords } from '../shared/client.ts';

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

/**
 * The command that asks for a key with these rules, as `GET /vps/*`, ready for a shell. The rules of a key cannot be changed: the new one has those of
 * the present one, too.
 */
export function requestCommand(rules: readonly string[], { account, profile, endpoint, config }: ClientWords): string {
  const allow = rules.flatMap((rule) => ['--allow', rule.replace(' ', ':')]);
  const identity = Object.entries({ account, profile, endpoint, config }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  // Of an account the key stands in fairlead.ini, which this command does not write.
  const words = [...identity, '--with-current', ...allow, '--wait', ...(account === undefined ? ['--save'] : [])];
  return ['fairlead ovh credential request', ...words.map(quoted)].join(' ');
}

function quoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
