import type { ClientWords } from './client.ts';

/** Who calls, and where: words that a told command needs as well, so that it speaks of the same keys. */
export type IdentityWords = {
  readonly [name in 'account' | 'profile' | 'endpoint' | 'config' | 'tokenUrl']?: ClientWords[name] | undefined;
};

/** ` --profile shop`, ready for a shell; empty for the keys that are used anyway. */
export function identityText({ account, profile, endpoint, config, tokenUrl }: IdentityWords): string {
  const given = Object.entries({ account, profile, endpoint, config, 'token-url': tokenUrl });
  return given.map(([name, value]) => (value === undefined ? '' : ` --${name} ${shellWord(value)}`)).join('');
}

/**
 * The command that asks for a key with these rules, as `GET /vps/*`. The rules of a key cannot be changed: the new one has those of the
 * present one, too.
 */
export function requestCommand(rules: readonly string[], identity: IdentityWords): string {
  const allow = rules.map((rule) => ` --allow ${shellWord(rule.replace(' ', ':'))}`).join('');
  // Of an account the key stands in fairlead.ini, which this command does not write.
  const save = identity.account === undefined ? ' --save' : '';
  return `fairlead ovh credential request${identityText(identity)} --with-current${allow} --wait${save}`;
}

/** One word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
