import { bad, good, type Read } from './read.ts';

/** How much a JSON text may ask of its reader. */
export interface JsonLimits {
  /** Objects and arrays within each other. */
  readonly depth: number;
  /** Members of one object. */
  readonly members: number;
  /** Characters of one string or key. */
  readonly stringLength: number;
}

/** CyberApp 7.3. */
export const BODY_LIMITS: JsonLimits = { depth: 16, members: 256, stringLength: 65_536 };

export type JsonProblem =
  | 'not_utf8'
  | 'not_json'
  | 'too_deep'
  | 'too_many_members'
  | 'string_too_long'
  | 'duplicate_key'
  | 'forbidden_key'
  | 'not_text';

/** Keys that mean something to objects of this language; no body needs them. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads UTF-8 JSON strictly: no duplicate keys, nothing beyond the limits. One byte order mark before it is passed over. */
export function readJson(bytes: Uint8Array, limits: JsonLimits = BODY_LIMITS): Read<unknown, JsonProblem> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bad('not_utf8');
  }
  return readJsonText(text, limits);
}

/** The same for text. */
export function readJsonText(text: string, limits: JsonLimits = BODY_LIMITS): Read<unknown, JsonProblem> {
  const problem = new Scan(text, limits).run();
  if (problem !== undefined) return bad(problem);
  try {
    return good(JSON.parse(text));
  } catch {
    return bad('not_json');
  }
}

/**
 * Looks at the structure before anything is built, so that a bomb costs no memory. What is no JSON may pass here; `JSON.parse`
 * refuses it afterwards.
 */
class Scan {
  readonly #text: string;
  readonly #limits: JsonLimits;
  /** Keys of each object that is open; undefined for arrays. */
  readonly #open: (Set<string> | undefined)[] = [];
  #at = 0;
  /** Whether the next string of the innermost object is a key. */
  #keyDue = false;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  run(): JsonProblem | undefined {
    while (this.#at < this.#text.length) {
      const problem = this.#step(this.#text.charCodeAt(this.#at));
      if (problem !== undefined) return problem;
      this.#at += 1;
    }
    return undefined;
  }

  #step(unit: number): JsonProblem | undefined {
    switch (unit) {
      case 0x22:
        return this.#string();
      case 0x7b:
      case 0x5b:
        return this.#enter(unit === 0x7b ? new Set() : undefined);
      case 0x7d:
      case 0x5d:
        this.#open.pop();
        this.#keyDue = false;
        return undefined;
      case 0x2c:
        this.#keyDue = this.#open.at(-1) !== undefined;
        return undefined;
      default:
        return undefined;
    }
  }

  #enter(keys: Set<string> | undefined): JsonProblem | undefined {
    this.#open.push(keys);
    this.#keyDue = keys !== undefined;
    return this.#open.length > this.#limits.depth ? 'too_deep' : undefined;
  }

  #string(): JsonProblem | undefined {
    const start = this.#at;
    let escaped = false;
    for (this.#at += 1; this.#text.charCodeAt(this.#at) !== 0x22; this.#at += 1) {
      if (this.#at >= this.#text.length) return 'not_json';
      if (this.#text.charCodeAt(this.#at) !== 0x5c) continue;
      escaped = true;
      this.#at += 1;
    }
    const decoded = escaped ? unescaped(this.#text.slice(start, this.#at + 1)) : this.#text.slice(start + 1, this.#at);
    if (decoded === undefined) return 'not_json';
    if (decoded.length > this.#limits.stringLength) return 'string_too_long';
    // No store keeps these: half a character, and the end of a C string.
    if (escaped && (!decoded.isWellFormed() || decoded.includes('\0'))) return 'not_text';
    return this.#keyDue ? this.#key(decoded) : undefined;
  }

  #key(key: string): JsonProblem | undefined {
    const keys = this.#open.at(-1);
    this.#keyDue = false;
    if (keys === undefined) return undefined;
    if (FORBIDDEN.has(key)) return 'forbidden_key';
    if (keys.has(key)) return 'duplicate_key';
    keys.add(key);
    return keys.size > this.#limits.members ? 'too_many_members' : undefined;
  }
}

function unescaped(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}
