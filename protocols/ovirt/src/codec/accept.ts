import type { Format } from './resource.ts';

export interface Negotiated {
  readonly format: Format;
  /**
   * Whether the caller named XML or JSON itself. When not, errors of authentication may be HTML with `<title>Error</title>`,
   * which fence agents look for (oVirt 3.3).
   */
  readonly explicit: boolean;
}

interface Range {
  readonly type: string;
  readonly q: number;
  readonly order: number;
}

/** Names of the two formats, best known first. */
const NAMES: Readonly<Record<Format, readonly string[]>> = {
  xml: ['application/xml', 'text/xml', 'application/*', 'text/*', '*/*'],
  json: ['application/json', 'text/json', 'application/*', 'text/*', '*/*'],
};
/** The first so many of them name a format itself. */
const EXACT = 2;
const MAX_RANGES = 50;

/**
 * The format of an answer by `Accept` and, stronger, the query parameter `accept` (oVirt 2.2). No header, or one that allows
 * everything, is XML. `undefined` when neither format is allowed (406).
 */
export function negotiate(header: string | undefined, query?: string | undefined): Negotiated | undefined {
  const wish = query?.trim() || header?.trim();
  if (wish === undefined || wish === '') return { format: 'xml', explicit: false };
  const ranges = parseAccept(wish);
  const best = [rank('xml', ranges), rank('json', ranges)].filter((candidate) => candidate.q > 0).sort(byPreference)[0];
  return best === undefined ? undefined : { format: best.format, explicit: best.explicit };
}

interface Candidate extends Negotiated {
  readonly q: number;
  /** Place of the matching range in the header. */
  readonly order: number;
}

/** What the most specific range for a format says about it (RFC 9110 12.5.1). */
function rank(format: Format, ranges: readonly Range[]): Candidate {
  const names = NAMES[format];
  for (const [index, name] of names.entries()) {
    const range = ranges.find((candidate) => candidate.type === name);
    if (range !== undefined) return { format, explicit: index < EXACT, q: range.q, order: range.order };
  }
  return { format, explicit: false, q: 0, order: 0 };
}

/** Quality first; among equals what was named itself, then what was named first, then XML. */
function byPreference(a: Candidate, b: Candidate): number {
  return b.q - a.q || Number(b.explicit) - Number(a.explicit) || a.order - b.order;
}

function parseAccept(header: string): Range[] {
  return header
    .split(',', MAX_RANGES)
    .map((part, order) => parseRange(part, order))
    .filter((range) => range.type !== '');
}

function parseRange(part: string, order: number): Range {
  const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
  return { type: type === '*' ? '*/*' : type, q: weight === undefined ? 1 : quality(weight), order };
}

/** A weight that cannot be read counts as none given. */
function quality(parameter: string): number {
  const value = Number(parameter.slice(parameter.indexOf('=') + 1).trim() || Number.NaN);
  return Number.isNaN(value) ? 1 : Math.min(1, Math.max(0, value));
}
