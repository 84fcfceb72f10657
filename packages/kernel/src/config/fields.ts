import { resolve } from 'node:path';
import { isNetwork } from '../access/index.ts';
import { durationMs, durationWords } from './durations.ts';
import { quoted } from './mistakes.ts';

export type FieldKind = 'text' | 'secret' | 'flag' | 'integer' | 'port' | 'duration' | 'choice' | 'url' | 'list' | 'path' | 'obsolete';

/** How one setting is read: declared once, used by the loader, the sample, the reference and `config show`. */
export interface Field<T> {
  readonly kind: FieldKind;
  readonly doc: string;
  readonly optional: boolean;
  readonly secret: boolean;
  /** What is allowed, in words. */
  readonly allowed: string;
  /** The default as it would stand in the file. */
  readonly defaultText: string | undefined;
  /** Reads the text of a value; throws `RangeError` with what is wrong, never quoting a secret. */
  read(text: string, folder: string): T;
}

interface CommonOptions<T> {
  readonly doc: string;
  /** Used when the key is absent or empty. */
  readonly default?: T;
  /** An absent key without default gives `undefined` instead of a mistake. */
  readonly optional?: boolean;
}

interface LengthOptions extends CommonOptions<string> {
  /** Fewest and most bytes (UTF-8). */
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly string[];
  /** Values that are refused because the whole world knows them. */
  readonly noneOf?: readonly string[];
  /** What every value matches, and how that is said. */
  readonly matches?: { readonly pattern: RegExp; readonly words: string };
}

interface RangeOptions extends CommonOptions<number> {
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly number[];
}

interface DurationOptions extends CommonOptions<number | string> {
  readonly min?: number | string;
  readonly max?: number | string;
}

interface ChoiceOptions<Word extends string> extends CommonOptions<NoInfer<Word>> {
  readonly oneOf: readonly Word[];
  /** Other words for the same, compared without regard to case. */
  readonly synonyms?: Readonly<Record<string, NoInfer<Word>>>;
}

interface ListOptions extends CommonOptions<readonly string[]> {
  /** Most items. */
  readonly max?: number;
  readonly oneOf?: readonly string[];
}

interface UrlOptions extends CommonOptions<string> {
  /** Allowed schemes without colon; default `http` and `https`. */
  readonly oneOf?: readonly string[];
}

type ValueOf<T, Options> = Options extends { readonly optional: true } ? T | undefined : T;

export function text<const O extends LengthOptions>(options: O): Field<ValueOf<string, O>> {
  return field<string, O>('text', options, lengthWords(options), (value) => checkedText(value, options));
}

/** A text that no log, error or `config show` repeats. `@/path` reads it from a file. */
export function secret<const O extends LengthOptions>(options: O): Field<ValueOf<string, O>> {
  return field<string, O>('secret', options, `${lengthWords(options)}, or @/path of a file that holds it`, (value) =>
    checkedText(value, options),
  );
}

export function flag<const O extends CommonOptions<boolean>>(options: O): Field<ValueOf<boolean, O>> {
  return field<boolean, O>('flag', options, 'true or false', (value) => {
    const word = value.toLowerCase();
    if (['true', 'yes', 'on', '1'].includes(word)) return true;
    if (['false', 'no', 'off', '0'].includes(word)) return false;
    throw new RangeError(value);
  });
}

export function integer<const O extends RangeOptions>(options: O): Field<ValueOf<number, O>> {
  return field<number, O>('integer', options, rangeWords(options), (value) => checkedNumber(value, options));
}

export function port<const O extends CommonOptions<number>>(options: O): Field<ValueOf<number, O>> {
  const range = { ...options, min: 0, max: 65_535 };
  return field<number, O>('port', options, 'a port, 0 (any free one) to 65535', (value) => checkedNumber(value, range));
}

/** A span of time: a number with `s`, `m`, `h` or `d`, bare = seconds. The value is in milliseconds. */
export function duration<const O extends DurationOptions>(options: O): Field<ValueOf<number, O>> {
  const min = options.min === undefined ? 0 : durationMs(options.min);
  const max = options.max === undefined ? Number.MAX_SAFE_INTEGER : durationMs(options.max);
  const most = options.max === undefined ? '' : ` to ${durationWords(max)}`;
  const given = options.default === undefined ? undefined : durationWords(durationMs(options.default));
  const read = (value: string): number => {
    const ms = durationMs(value);
    if (ms < min || ms > max) throw new RangeError(value);
    return ms;
  };
  return field<number, O>(
    'duration',
    { ...options, default: given } as O,
    `a time such as 30s, 5m, 2h or 1d, from ${durationWords(min)}${most}`,
    read,
  );
}

export function choice<const Word extends string, const O extends ChoiceOptions<Word>>(
  options: O & ChoiceOptions<Word>,
): Field<ValueOf<O['oneOf'][number], O>> {
  type Value = O['oneOf'][number];
  const words = new Map<string, Value>(Object.entries(options.synonyms ?? {}).map(([word, value]) => [word.toLowerCase(), value]));
  for (const word of options.oneOf) words.set(word.toLowerCase(), word);
  return field<Value, O>('choice', options, `one of ${options.oneOf.join(', ')}`, (value) => {
    const word = words.get(value.toLowerCase());
    if (word === undefined) throw new RangeError(value);
    return word;
  });
}

/** An absolute URL without user and password; the value is the text as given. */
export function url<const O extends UrlOptions>(options: O): Field<ValueOf<string, O>> {
  const schemes = options.oneOf ?? ['http', 'https'];
  return field<string, O>('url', options, `a URL that begins with ${schemes.map((one) => `${one}://`).join(' or ')}`, (value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    // What stands before an @ may be a password, and mistakes are printed.
    if (value.includes('@')) throw new RangeError('a URL with user or password in it');
    if (!parsed || !schemes.includes(parsed.protocol.slice(0, -1))) throw new RangeError(value);
    return value;
  });
}

/** Items parted by commas or white space. */
export function list<const O extends ListOptions>(options: O): Field<ValueOf<readonly string[], O>> {
  const most = options.max ?? 1000;
  const words = options.oneOf ? `a list of ${options.oneOf.join(', ')}` : 'a list parted by commas';
  return field<readonly string[], O>('list', options, words, (value) => {
    const items = value.split(/[\s,]+/).filter((item) => item !== '');
    if (items.length > most || items.some((item) => options.oneOf?.includes(item) === false)) throw new RangeError(value);
    return items;
  });
}

/** Addresses and networks in CIDR form. */
export function networks<const O extends CommonOptions<readonly string[]>>(options: O): Field<ValueOf<readonly string[], O>> {
  const plain = list(options);
  return {
    ...plain,
    allowed: 'a list of addresses or networks such as 192.0.2.0/24',
    read: (value, folder) => {
      const items = plain.read(value, folder);
      const wrong = items?.find((item) => !isNetwork(item));
      if (wrong !== undefined) throw new RangeError(quoted(wrong));
      return items;
    },
  };
}

/** A path; a relative one counts from the folder of the configuration file. */
export function path<const O extends CommonOptions<string>>(options: O): Field<ValueOf<string, O>> {
  return field<string, O>('path', options, 'a path', (value, folder) => resolve(folder, value));
}

/** A key of an earlier program: accepted, reported and unused. The value is always `undefined`. */
export function obsolete(options: { readonly doc: string }): Field<undefined> {
  return {
    ...field<string, { readonly doc: string; readonly optional: true }>('obsolete', { ...options, optional: true }, 'nothing', (v) => v),
    read: () => undefined,
  };
}

function field<T, O extends CommonOptions<unknown>>(
  kind: FieldKind,
  options: O,
  allowed: string,
  read: (text: string, folder: string) => T,
): Field<ValueOf<T, O>> {
  const given = options.default;
  return {
    kind,
    doc: options.doc,
    optional: options.optional === true,
    secret: kind === 'secret' || kind === 'obsolete',
    allowed,
    defaultText: given === undefined ? undefined : textOf(given),
    read: read as (text: string, folder: string) => ValueOf<T, O>,
  };
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function checkedText(value: string, options: LengthOptions): string {
  const bytes = Buffer.byteLength(value);
  if (bytes < (options.min ?? 0)) throw new RangeError(`${bytes} bytes`);
  if (bytes > (options.max ?? 65_536)) throw new RangeError(`${bytes} bytes`);
  if (options.noneOf?.includes(value.toLowerCase())) throw new RangeError('a published placeholder');
  if (options.oneOf?.includes(value) === false || options.matches?.pattern.test(value) === false) throw new RangeError(value);
  return value;
}

function lengthWords(options: LengthOptions): string {
  if (options.oneOf) return `one of ${options.oneOf.join(', ')}`;
  if (options.matches) return options.matches.words;
  if (options.min === undefined && options.max === undefined) return 'a text';
  const least = options.min === undefined ? '' : `at least ${options.min} bytes`;
  const most = options.max === undefined ? '' : `at most ${options.max} bytes`;
  return [least, most].filter((part) => part !== '').join(', ');
}

function checkedNumber(value: string, options: RangeOptions): number {
  const number = /^-?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  const inside = Number.isSafeInteger(number) && number >= (options.min ?? -Infinity) && number <= (options.max ?? Infinity);
  if (!inside || options.oneOf?.includes(number) === false) throw new RangeError(value);
  return number;
}

function rangeWords(options: RangeOptions): string {
  if (options.oneOf) return `one of ${options.oneOf.join(', ')}`;
  if (options.min !== undefined && options.max !== undefined) return `a whole number from ${options.min} to ${options.max}`;
  if (options.min !== undefined) return `a whole number, at least ${options.min}`;
  return options.max === undefined ? 'a whole number' : `a whole number, at most ${options.max}`;
}
