import { ImageioError } from '../errors.ts';
import { quoted } from './python-text.ts';
import { byteNumber } from './values.ts';

/** The `Content-Range` of an upload. Only `first` says anything: the length comes from `Content-Length` (imageio 2.5). */
export interface UploadRange {
  readonly first: number;
  readonly last?: number;
  readonly complete?: number;
}

const FORM = /^bytes (\d+)-(\d+|\*)\/(\d+|\*)$/;

/** Reads the `Content-Range` of a PUT: `bytes first-last/complete`, the last two may be `*`. Throws `IMAGEIO_REQUEST_INVALID`. */
export function parseContentRange(header: string): UploadRange {
  const match = FORM.exec(header);
  if (!match) throw invalid(header, '');
  const first = byteNumber(match[1] ?? '');
  const last = numberOrStar(match[2]);
  const complete = numberOrStar(match[3]);
  if (last !== undefined && first > last) throw invalid(header, ', first > last');
  if (last !== undefined && complete !== undefined && last >= complete) throw invalid(header, ', last >= complete');
  return { first, ...(last !== undefined && { last }), ...(complete !== undefined && { complete }) };
}

/** Reads `Content-Length` (imageio 2.5); throws `IMAGEIO_REQUEST_INVALID` when it is absent, no number or negative. */
export function parseContentLength(header: string | undefined): number {
  if (header === undefined) throw refuse('Content-Length header is required');
  const text = header.trim();
  if (/^-\d+$/.test(text)) throw refuse(`Negative Content-Length: ${text}`);
  const length = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(length)) throw refuse(`Invalid Content-Length: ${quoted(header)}`);
  return length;
}

function numberOrStar(text: string | undefined): number | undefined {
  return text === undefined || text === '*' ? undefined : byteNumber(text);
}

function invalid(header: string, why: string): Error {
  return refuse(`Invalid Content-Range ${quoted(header)}${why}`);
}

function refuse(text: string): Error {
  return ImageioError('IMAGEIO_REQUEST_INVALID', { text });
}
