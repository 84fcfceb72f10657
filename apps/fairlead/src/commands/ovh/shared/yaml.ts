import { toJson } from './text.ts';

/** Words that YAML 1.1 and 1.2 readers take for something else than a text, and texts that look like numbers or dates. */
const NOT_PLAIN = /^(?:true|false|yes|no|on|off|y|n|null|~|[-+.]?\d.*|\.(?:inf|nan))$/i;
const PLAIN = /^[A-Za-z0-9_/.+(][A-Za-z0-9_/.+@() ,:=-]*$/;

/** A value in the shape of YAML: plain texts without quotes, everything else as JSON writes it, which YAML reads the same. */
export function toYaml(value: unknown): string {
  return linesOf(value).join('\n');
}

function linesOf(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap((item) => hung('- ', linesOf(item)));
  if (isFullObject(value)) return Object.entries(value).flatMap(([key, member]) => memberLines(key, member));
  return [scalar(value)];
}

function memberLines(key: string, member: unknown): string[] {
  const lines = linesOf(member);
  const isNested = (Array.isArray(member) && member.length > 0) || isFullObject(member);
  return isNested ? [`${scalar(key)}:`, ...lines.map((line) => `  ${line}`)] : [`${scalar(key)}: ${lines[0] ?? ''}`];
}

function hung(sign: string, [first = '', ...rest]: readonly string[]): string[] {
  return [`${sign}${first}`, ...rest.map((line) => `${' '.repeat(sign.length)}${line}`)];
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return toJson(value);
  const isPlain = PLAIN.test(value) && !NOT_PLAIN.test(value) && !/: |:$| $/.test(value);
  return isPlain ? value : toJson(value);
}

function isFullObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}
