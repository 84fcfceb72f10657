import { ImageioError } from '../errors.ts';
import type { ExtentContext, ExtentOf } from './extents.ts';

export interface ExtentLimits {
  /** Most extents of one answer. */
  readonly maxExtents?: number;
  /** Longest single extent as text. */
  readonly maxObject?: number;
}

/**
 * Reads an extents answer piece by piece (imageio 2.7), never holding more than one extent. Extents must be contiguous from 0, none empty;
 * a gap would be a silent hole in a backup. Throws `IMAGEIO_PROTOCOL`.
 */
export async function* readExtents<Context extends ExtentContext>(
  context: Context,
  pieces: AsyncIterable<Uint8Array>,
  limits: ExtentLimits = {},
): AsyncGenerator<ExtentOf[Context]> {
  const scanner = new ArrayScanner(limits.maxObject ?? 1024);
  const maxExtents = limits.maxExtents ?? 16 * 1024 * 1024;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let end = 0;
  let count = 0;
  for await (const piece of pieces) {
    for (const text of scanner.push(decode(decoder, piece))) {
      count += 1;
      if (count > maxExtents) throw broken(`more than ${maxExtents} extents`);
      const extent = readExtent(context, text);
      if (extent.start !== end) throw broken(`an extent starts at ${extent.start} where ${end} was expected`);
      end += extent.length;
      yield extent as ExtentOf[Context];
    }
  }
  scanner.finish();
}

/** Cuts the text of an array of flat objects into its objects. */
class ArrayScanner {
  #state: 'before' | 'first' | 'value' | 'object' | 'string' | 'escape' | 'between' | 'after' = 'before';
  #object = '';
  readonly #maxObject: number;

  constructor(maxObject: number) {
    this.#maxObject = maxObject;
  }

  *push(text: string): Generator<string> {
    for (const character of text) {
      const complete = this.#step(character);
      if (complete !== undefined) yield complete;
    }
  }

  finish(): void {
    if (this.#state !== 'after') throw broken('the list of extents is cut');
  }

  #step(character: string): string | undefined {
    if (this.#state === 'object' || this.#state === 'string' || this.#state === 'escape') return this.#inObject(character);
    if (/[\s]/.test(character)) return undefined;
    this.#state = this.#outside(character);
    if (this.#state === 'object') this.#object = '{';
    return undefined;
  }

  #outside(character: string) {
    const state = this.#state;
    if (state === 'before' && character === '[') return 'first';
    if ((state === 'first' || state === 'value') && character === '{') return 'object';
    if (state === 'between' && character === ',') return 'value';
    if ((state === 'first' || state === 'between') && character === ']') return 'after';
    throw broken('the list of extents is not a JSON array of objects');
  }

  #inObject(character: string): string | undefined {
    this.#object += character;
    if (this.#object.length > this.#maxObject) throw broken(`an extent is longer than ${this.#maxObject} characters`);
    if (this.#state === 'escape') {
      this.#state = 'string';
    } else if (this.#state === 'string') {
      if (character === '\\') this.#state = 'escape';
      if (character === '"') this.#state = 'object';
    } else if (character === '"') {
      this.#state = 'string';
    } else if (character === '}') {
      this.#state = 'between';
      return this.#object;
    } else if (character === '{') {
      throw broken('an extent holds another object');
    }
    return undefined;
  }
}

function readExtent(context: ExtentContext, text: string): ExtentOf[ExtentContext] {
  const value = parse(text);
  const { start, length } = value;
  if (!isByteCount(start) || !isByteCount(length) || length === 0 || !Number.isSafeInteger(start + length)) {
    throw broken(`an extent has no valid place: ${text}`);
  }
  const zero = flag(value, 'zero', context === 'dirty');
  if (context === 'dirty') return { start, length, dirty: flag(value, 'dirty', false), zero };
  return { start, length, zero, hole: flag(value, 'hole', true) };
}

/** The real client takes an absent `hole`, and an absent `zero` of a dirty extent, for false (imageio 5.2). */
function flag(value: Readonly<Record<string, unknown>>, name: string, mayBeAbsent: boolean): boolean {
  const found = value[name];
  if (found === undefined && mayBeAbsent) return false;
  if (typeof found !== 'boolean') throw broken(`an extent has no valid "${name}"`);
  return found;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    throw broken('an extent is no JSON text');
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: true });
  } catch {
    throw broken('the list of extents is not UTF-8');
  }
}

function isByteCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function broken(reason: string): Error {
  return ImageioError('IMAGEIO_PROTOCOL', { reason });
}
