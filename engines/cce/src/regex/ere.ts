import { bytesFromText } from '@fairlead/cscp/codec';
import { RE2JS } from 're2js';
import { translateEre } from './translate.ts';

export interface EreOptions {
  /** REG_NEWLINE: `^` and `$` also match at line breaks, `.` and negated lists do not match them. What FIND uses; typedefs do not. */
  readonly newline: boolean;
  /** Bytes that a pattern may have; a pattern with such a limit is somebody's input, so its states and the work it makes are limited too. */
  readonly limit?: number | undefined;
}

export interface Ere {
  readonly ok: true;
  /** Whether it matches anywhere in the text. Linear in its length; never throws. */
  test(text: string): boolean;
  /** States: times characters it is the work that a test may make. */
  readonly states: number;
}

export type EreResult = Ere | { readonly ok: false; readonly reason: string };

/** Bytes of a pattern that a caller may send (cce 6.10). */
export const CALLER_PATTERN_BYTES = 1024;

const CALLER_STATES = 2000;
/** The lists of up to 999 addresses of real schemas have 80 000. */
const SCHEMA_STATES = 200_000;
/** States times characters: what a text may cost a caller's pattern, a quarter of a second at worst. Above it the text does not match. */
const CALLER_WORK = 1 << 23;
/** Compiled patterns of callers that are kept; each may hold up to 8 MiB of states. */
const KEPT = 16;

/** A byte that is not UTF-8 (see the codec). */
const LONE_BYTE = /[\udc80-\udcff]/u;

const kept = new Map<string, EreResult>();

/**
 * A POSIX extended regular expression over RE2: match or no match, in linear time. Never throws.
 * A pattern with bytes that are not UTF-8, such as the range `\200-\377` of a typedef, is matched byte by byte, any other one character
 * by character (cce 2.4).
 */
export function compileEre(pattern: string, options: EreOptions): EreResult {
  if (options.limit === undefined) return compile(pattern, options);
  if (Buffer.byteLength(pattern) > options.limit) return { ok: false, reason: `longer than ${options.limit} bytes` };
  const key = `${options.newline ? 'n' : '-'}${pattern}`;
  const known = kept.get(key);
  kept.delete(key);
  const ere = known ?? compile(pattern, options);
  kept.set(key, ere);
  const oldest = kept.keys().next();
  if (kept.size > KEPT && !oldest.done) kept.delete(oldest.value);
  return ere;
}

function compile(pattern: string, options: EreOptions): EreResult {
  const bytewise = LONE_BYTE.test(pattern);
  const translation = translateEre(bytewise ? asBytes(pattern) : pattern, options.newline);
  if (!translation.ok) return translation;
  const limited = options.limit !== undefined;
  if (translation.cost > (limited ? CALLER_STATES : SCHEMA_STATES)) return { ok: false, reason: 'too large' };
  const machine = limited ? machineOf(translation.source) : undefined;
  if (limited && !machine) return { ok: false, reason: 'not supported' };
  return new CompiledEre(translation.source, {
    machine,
    bytewise,
    states: translation.cost,
    longest: limited ? CALLER_WORK / translation.cost : Number.POSITIVE_INFINITY,
  });
}

/** One character per byte. */
function asBytes(text: string): string {
  return bytesFromText(text).toString('latin1');
}

function machineOf(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}

interface Machine {
  /** Absent: made at the first use, since most types of a schema are never asked. */
  readonly machine: RE2JS | undefined;
  readonly bytewise: boolean;
  readonly states: number;
  /** Longest text, in characters. */
  readonly longest: number;
}

class CompiledEre implements Ere {
  readonly ok = true;
  readonly states: number;
  readonly #source: string;
  readonly #bytewise: boolean;
  readonly #longest: number;
  #machine: RE2JS | undefined;
  #isBroken = false;

  constructor(source: string, parts: Machine) {
    this.#source = source;
    this.#machine = parts.machine;
    this.#bytewise = parts.bytewise;
    this.states = parts.states;
    this.#longest = parts.longest;
  }

  test(text: string): boolean {
    if (this.#isBroken || text.length > this.#longest) return false;
    this.#machine ??= machineOf(this.#source);
    if (this.#machine) return this.#machine.test(this.#bytewise ? asBytes(text) : text);
    this.#isBroken = true;
    return false;
  }
}
