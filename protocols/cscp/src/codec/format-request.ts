import { CscpError, type NamePart } from '../error.ts';
import { quoteValue } from './escape.ts';
import { isDigits, isName, isQualifiedName, isSecretKey, isSortType } from './names.ts';
import type { Criterion, Operation, Sort, Values, WatchFilter } from './operation.ts';
import { watchFilterText } from './watch-filters.ts';

/** How the parts of a command become text. */
interface Style {
  name(part: NamePart, text: string): string;
  value(text: string): string;
  /** The value of a property. */
  property(key: string, value: string): string;
  sessionId(text: string): string;
}

const WIRE: Style = {
  name: checkedName,
  value: checkedValue,
  property: (_, value) => checkedValue(value),
  sessionId: checkedValue,
};

const SHOWN: Style = {
  name: shownName,
  value: quoteValue,
  property: (_, value) => quoteValue(value),
  sessionId: quoteValue,
};

const MASKED: Style = {
  name: shownName,
  value: quoteValue,
  property: (key, value) => (isSecretKey(key) ? '"xxx"' : quoteValue(value)),
  sessionId: (text) => quoteValue(`${text.slice(0, 5)}...`),
};

/**
 * The line of a command for the wire, without its line feed. Every value is quoted, so no value can become a part of the command.
 * Throws `CSCP_BAD_NAME` for names and OIDs that are not plain, `CSCP_BAD_VALUE` for a NUL.
 */
export function formatRequest(operation: Operation): string {
  return format(operation, WIRE);
}

/**
 * A command for people to read (cce 8.1): `SET 56 . Ns description = "Testing"`. `mask` replaces passwords and values of keys that look
 * secret by `xxx` and shortens session ids. Names that are not plain are quoted; nothing is refused.
 */
export function canonicalText(operation: Operation, options: { readonly mask?: boolean } = {}): string {
  return format(operation, options.mask ? MASKED : SHOWN);
}

function format(operation: Operation, style: Style): string {
  switch (operation.verb) {
    case 'ADMIN':
      return words('ADMIN', style.name('action', operation.action), operation.reason && style.value(operation.reason));
    case 'AUTH':
      return words('AUTH', style.value(operation.user), style.property('password', operation.password));
    case 'AUTHKEY':
      return words('AUTHKEY', style.value(operation.user), style.sessionId(operation.sessionId));
    case 'BADDATA':
      return words('BADDATA', style.name('oid', operation.oid), style.value(operation.key), style.value(operation.message));
    case 'BYE':
      return words('BYE', operation.flag && style.name('action', operation.flag));
    case 'CREATE':
      return words('CREATE', style.name('class', operation.class), ...pairs(operation.values, style));
    case 'DESTROY':
      return words('DESTROY', style.name('oid', operation.oid));
    case 'FIND':
      return words('FIND', style.name('class', operation.class), ...sorting(operation.sort, style), ...matches(operation.criteria, style));
    case 'GET':
      return words('GET', ...target(operation, style));
    case 'INFO':
    case 'WARN':
      return words(operation.verb, style.value(operation.message));
    case 'NAMES':
      return words('NAMES', style.name(isDigits(operation.of) ? 'oid' : 'class', operation.of));
    case 'SCHEMA':
      return words('SCHEMA', ...schemaTarget(operation, style));
    case 'SET':
      return words('SET', ...target(operation, style), ...pairs(operation.values, style));
    case 'WATCH':
      return words('WATCH', ...operation.filters.map((filter) => watchTarget(filter, style)));
    default:
      return operation.verb;
  }
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}

function target({ oid, namespace }: { readonly oid: string; readonly namespace: string }, style: Style): readonly string[] {
  const object = style.name('oid', oid);
  return namespace === '' ? [object] : [object, '.', style.name('namespace', namespace)];
}

function schemaTarget(
  wish: { readonly class?: string | undefined; readonly namespace?: string | undefined },
  style: Style,
): readonly string[] {
  if (wish.class === undefined) return [];
  const name = style.name('class', wish.class);
  return wish.namespace === undefined ? [name] : [name, wish.namespace === '' ? '""' : style.name('namespace', wish.namespace)];
}

function watchTarget(filter: WatchFilter, style: Style): string {
  const { namespace, property } = filter;
  return watchFilterText({
    class: style.name('class', filter.class),
    namespace: namespace === undefined || namespace === '' ? namespace : style.name('namespace', namespace),
    property: property === undefined ? undefined : style.name('key', property),
  });
}

function pairs(values: Values, style: Style): readonly string[] {
  return [...values].map(([key, value]) => `${style.name('key', key)} = ${style.property(key, value)}`);
}

function matches(criteria: readonly Criterion[], style: Style): readonly string[] {
  return criteria.map(({ key, match, value }) => {
    return `${style.name('qualified key', key)} ${match === 'equals' ? '=' : '~'} ${style.property(key, value)}`;
  });
}

/** The short words where there are, since old daemons know them all. */
function sorting(sort: Sort | undefined, style: Style): readonly string[] {
  if (!sort) return [];
  const property = style.name('qualified key', sort.property);
  if (sort.type === 'ascii') return ['SORT', property];
  if (sort.type === 'old_numeric') return ['SORTNUM', property];
  return ['SORTTYPE', style.name('sort type', sort.type), 'SORTPROP', property];
}

function checkedName(part: NamePart, text: string): string {
  if (!isPlain(part, text))
    throw new CscpError('CSCP_BAD_NAME', `no possible ${part}: ${quoteValue(text.slice(0, 80))}`, { part, name: text });
  return part === 'sort type' ? `"${text}"` : text;
}

function shownName(part: NamePart, text: string): string {
  return isPlain(part, text) && part !== 'sort type' ? text : quoteValue(text);
}

function isPlain(part: NamePart, text: string): boolean {
  if (part === 'oid') return isDigits(text);
  if (part === 'sort type') return isSortType(text);
  return part === 'qualified key' ? isQualifiedName(text) : isName(text);
}

function checkedValue(value: string): string {
  if (value.includes('\0')) throw new CscpError('CSCP_BAD_VALUE', 'a value with a NUL cannot be sent');
  return quoteValue(value);
}
