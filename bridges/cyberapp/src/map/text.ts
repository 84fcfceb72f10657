/** What would end a line, hide or turn text: control characters, separators of lines, marks of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** One line of printable text of at most `most` UTF-16 units; empty when nothing is left. What is cut ends in an ellipsis. */
export function cleanText(text: string, most: number): string {
  // Cut before as well: a text of megabytes is not gone through.
  const clean = text
    .slice(0, 4 * most)
    .toWellFormed()
    .replace(UNPRINTABLE, ' ')
    .trim();
  if (clean.length <= most && text.length <= 4 * most) return clean;
  return `${clean
    .slice(0, most - 1)
    .toWellFormed()
    .trimEnd()}…`;
}

/** A moment as people read it: `2026-03-02 03:12 UTC`. */
export function momentText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The same of a number that a source gives: undefined for what is no moment. */
export function sinceText(ms: number): string | undefined {
  return Number.isNaN(new Date(ms).getTime()) ? undefined : momentText(ms);
}

/** Milliseconds of an RFC 3339 day or moment; undefined for anything else. */
export function momentOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}(T|$)/.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

const MOST_FOREIGN = 1000;
const HIDDEN = '[…]';

/** What a customer has no business to read in the message of a system: where things are, by what names, and what opens them. */
const PRIVATE: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi,
  /\b(?:bearer|basic)\s+\S+/gi,
  /\b\w*(?:passw(?:or)?d|passphrase|secret|token|api_?key|signature|credentials?|authorization)\w*["']?\s*[=:]\s*\S+/gi,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/g,
  /[0-9a-f]*(?::[0-9a-f]{0,4}){3,}|[0-9a-f:]*::[0-9a-f:]*/gi,
  /(?:[a-z0-9_-]+\.)+[a-z]{2,}\b/gi,
  /(?<![\w/])\/[\w.+@-]+(?:\/[\w.+@-]*)*/g,
];

/** The message of a foreign system as a customer may see it; `names` are words of the inside that it may hold. */
export function publicText(text: string, names: RegExp | undefined): string {
  let told = cleanText(text, MOST_FOREIGN);
  if (names !== undefined) told = told.replace(names, HIDDEN);
  for (const pattern of PRIVATE) told = told.replace(pattern, HIDDEN);
  return told;
}

/** What finds these names as whole words, in any case; undefined when there are none. */
export function namesPattern(names: Iterable<string>): RegExp | undefined {
  const known = [...new Set(names)].filter((name) => name.trim() !== '').toSorted((one, other) => other.length - one.length);
  if (known.length === 0) return undefined;
  const words = known.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`, 'giu');
}
