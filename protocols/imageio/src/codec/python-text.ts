/**
 * Texts as the real daemon prints them (imageio 2.2, 2.5, 2.6): it quotes values as Python does.
 * Old tools match on these texts, so ours are the same.
 */

/** A text in quotes: single ones, or double ones when it holds a single one. Control characters are escaped, 200 characters at most. */
export function quoted(text: string): string {
  const short = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text;
  const quote = short.includes("'") && !short.includes('"') ? '"' : "'";
  const escaped = short.replace(/\\/g, '\\\\').replace(CONTROL, escapeControl);
  return quote + (quote === "'" ? escaped.replace(/'/g, "\\'") : escaped) + quote;
}

/** A JSON value as it stands in an error text. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return String(value);
  return quoted(JSON.stringify(value));
}

/** JSON with the spacing and the escapes of the real daemon: `", "`, `": "`, ASCII only. No line end. */
export function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${asciiJson(key)}: ${jsonText(member)}`).join(', ')}}`;
  }
  return asciiJson(value);
}

const MAX_QUOTED = 200;

const CONTROL = /\p{Cc}/gu;

function escapeControl(character: string): string {
  const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return named[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
