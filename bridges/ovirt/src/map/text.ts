const MOST = 500;

/** What would end a line, hide or turn text: control characters, separators of lines, marks of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** Text of a foreign system as one printable line, cut; undefined when nothing is left. */
export function cleanText(text: string | undefined, most = MOST): string | undefined {
  const clean = text
    ?.slice(0, 4 * most)
    .replace(UNPRINTABLE, ' ')
    .trim();
  return clean === undefined || clean === '' ? undefined : clean.slice(0, most).toWellFormed();
}

const HIDDEN = '[…]';

/** What tells a customer where things are, or opens them. */
const INSIDE: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi,
  /(?<![\w/])\/[\w.+@-]+(?:\/[\w.+@-]*)*/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
];

/** Why something failed, for customers: without the names given, addresses, URLs, paths and ids. */
export function outsideText(text: string, names: RegExp | undefined): string | undefined {
  // Cut before as well: a text of megabytes is not gone through.
  let told = cleanText(text, 4 * MOST) ?? '';
  for (const pattern of names === undefined ? INSIDE : [...INSIDE, names]) told = told.replace(pattern, HIDDEN);
  return cleanText(told);
}

/** Finds names, and of full host names the first part too, as whole words in any case; undefined when there are none. */
export function anyName(names: Iterable<string | undefined>): RegExp | undefined {
  const words = new Set<string>();
  for (const name of names) {
    const whole = name?.trim() ?? '';
    for (const word of [whole, whole.split('.')[0] ?? '']) if (/[^\d.]/.test(word)) words.add(word);
  }
  if (words.size === 0) return undefined;
  // The longest first: a name may begin with another.
  const sorted = [...words].toSorted((one, other) => other.length - one.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${sorted.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
}
