import { badMember } from '../http/refusal.ts';

/** `lt(5)` → lt, [5]; a bare value → eq. */
interface Term {
  readonly op: string;
  readonly args: readonly string[];
}

const TERM = /^([a-z]+)\((.*)\)$/s;

function termOf(text: string): Term {
  const [, op, inner] = TERM.exec(text) ?? [];
  if (op === undefined || inner === undefined) return { op: 'eq', args: [text] };
  return { op, args: inner.split(',').map((one) => one.trim()) };
}

/** Values of a parameter that is one, repeated, or `or(a,b)`; undefined when it is absent. */
export function anyOf(query: URLSearchParams, name: string, most = Number.POSITIVE_INFINITY): ReadonlySet<string> | undefined {
  const texts = query.getAll(name);
  if (texts.length === 0) return undefined;
  const values = texts.flatMap((text) => {
    const { op, args } = termOf(text);
    if (op !== 'eq' && op !== 'or') throw badMember(name, `${op} is not known here`);
    return args;
  });
  if (values.length > most) throw badMember(name, `at most ${most} values`);
  return new Set(values);
}

/** What a bound compares with. */
export type Ordered = bigint | number;
type Compare<T extends Ordered> = (value: T) => boolean;

const BOUNDS: Readonly<Record<string, (value: Ordered, bound: Ordered) => boolean>> = {
  eq: (value, bound) => value === bound,
  lt: (value, bound) => value < bound,
  le: (value, bound) => value <= bound,
  gt: (value, bound) => value > bound,
  ge: (value, bound) => value >= bound,
};

/** All bounds of a parameter: `ge(x)`, repeated ones all count; `range(a,b)` has both ends, `xrange(a,b)` neither. */
export function bounds<T extends Ordered>(query: URLSearchParams, name: string, read: (text: string) => T | undefined): Compare<T> {
  const checks = query.getAll(name).map((text) => boundOf(name, termOf(text), read));
  return (value) => checks.every((check) => check(value));
}

function boundOf<T extends Ordered>(name: string, { op, args }: Term, read: (text: string) => T | undefined): Compare<T> {
  const values = args.map((text) => {
    const value = read(text);
    if (value === undefined) throw badMember(name, `${text} cannot be read`);
    return value;
  });
  if (op === 'or') return (value) => values.includes(value);
  const [low, high] = values;
  if ((op === 'range' || op === 'xrange') && low !== undefined && high !== undefined && values.length === 2) {
    return op === 'range' ? (value) => value >= low && value <= high : (value) => value > low && value < high;
  }
  const compare = BOUNDS[op];
  if (compare === undefined || low === undefined || values.length !== 1) throw badMember(name, `${op} is not known here`);
  return (value) => compare(value, low);
}

/** A whole number of any size. */
export function bigintOf(text: string): bigint | undefined {
  return /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}

/** Unix ms of RFC 3339. */
export function timeOf(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text !== null && text !== 'true' && text !== 'false') throw badMember(name, 'true or false');
  return text === 'true';
}

/** A parameter that nobody knows is a mistake of the client. */
export function onlyKnown(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) if (!known.includes(name)) throw badMember(name, 'no such parameter');
}
