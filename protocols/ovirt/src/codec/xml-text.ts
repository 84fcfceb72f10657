/** What XML 1.0 does not allow in a document, in whatever form ("Characters", production 2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
/** Printable ASCII that needs no escape anywhere: most of what is written. */
const NOTHING_TO_DO = /^[ !#-%(-;=?-~]*$/;
const TO_ESCAPE = /[&<>"'\r\n\t]/g;

const IN_TEXT: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\r', '&#13;'],
]);
const IN_ATTRIBUTE: ReadonlyMap<string, string> = new Map([...IN_TEXT, ['"', '&quot;'], ["'", '&apos;'], ['\n', '&#10;'], ['\t', '&#9;']]);

/** Text for an element. Characters that XML cannot carry are left out: names of machines may hold them (oVirt 2.3). */
export function escapeText(text: string): string {
  return escapeWith(text, IN_TEXT);
}

/** Text for an attribute in double quotes. */
export function escapeAttribute(text: string): string {
  return escapeWith(text, IN_ATTRIBUTE);
}

/** The text without what XML cannot carry: what a reader of our XML will see. */
export function legalXml(text: string): string {
  return NOTHING_TO_DO.test(text) ? text : text.toWellFormed().replace(ILLEGAL, '');
}

function escapeWith(text: string, entities: ReadonlyMap<string, string>): string {
  if (NOTHING_TO_DO.test(text)) return text;
  return legalXml(text).replace(TO_ESCAPE, (character) => entities.get(character) ?? character);
}
