const MOST = 500;

/** Text of a foreign system without control characters, cut; undefined when nothing is left. */
export function cleanText(text: string | undefined, most = MOST): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const clean = text?.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return clean === undefined || clean === '' ? undefined : clean.slice(0, most).toWellFormed();
}

/** RFC 3339 in UTC of a day or a moment; undefined for what is none. */
export function utcTime(text: string | undefined): string | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
