import { AccessRules, READ_ONLY, READ_WRITE, READ_WRITE_SAFE } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { ClientWords } from '../shared/client.ts';

export interface RuleWords {
  readonly allow?: readonly string[];
  readonly allowRecursive?: readonly string[];
}

const SETS: Readonly<Record<string, readonly string[]>> = { ro: READ_ONLY, rw: READ_WRITE, rws: READ_WRITE_SAFE };

/** The rules that the options name; undefined without any. Throws `CLI_USAGE`, `OVH_INVALID_CALL`. */
export function rulesOf({ allow = [], allowRecursive = [] }: RuleWords): AccessRules | undefined {
  if (allow.length + allowRecursive.length === 0) return undefined;
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

/** The command that asks for a key with these rules, as `GET /vps/*`, ready for a shell. */
export function requestCommand(rules: readonly string[], { account, profile, endpoint, config }: ClientWords): string {
  const allow = rules.flatMap((rule) => ['--allow', rule.replace(' ', ':')]);
  // Of an account the key stands in fairlead.ini, which this command does not write.
  const identity = Object.entries({ account, profile, endpoint, config }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  const words = [...identity, ...allow, '--wait', ...(account === undefined ? ['--save'] : [])];
  return ['fairlead ovh credential request', ...words.map(quoted)].join(' ');
}

function quoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
