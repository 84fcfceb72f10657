import { ImageioError } from '../errors.ts';
import { quoted } from './python-text.ts';
import { byteNumber } from './values.ts';

/** A `Range` header as it was asked: byte numbers from 0, `last` inclusive or absent for "to the end". */
export interface AskedRange {
  readonly first: number;
  readonly last?: number;
}

/** Bytes to serve. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** How far a ticket and its image reach, in bytes. */
export interface Limits {
  readonly ticketSize: number;
  readonly imageSize: number;
}

const FORM = /^bytes=(\d*)-(\d*)$/;

/** Reads one `Range` header (imageio 2.4, RFC 7233 2.1 restricted to a single range). Throws `IMAGEIO_RANGE_INVALID`. */
export function parseRange(header: string): AskedRange {
  const match = FORM.exec(header);
  if (!match) throw unsatisfiable(header, 'invalid range or multiple ranges');
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') throw unsatisfiable(header, 'no first or last');
  if (first === '') throw ImageioError('IMAGEIO_RANGE_INVALID', { text: 'suffix-byte-range-spec not supported yet' });
  if (last === '') return { first: byteNumber(first) };
  const asked = { first: byteNumber(first), last: byteNumber(last) };
  if (asked.first > asked.last) throw unsatisfiable(header, 'first > last');
  return asked;
}

/**
 * Fits an asked range (or none: everything) into ticket and image (imageio 2.4).
 * A range past the end is refused with the limit that it passes in the error's `limit`; throws `IMAGEIO_RANGE_INVALID`.
 */
export function resolveRange(asked: AskedRange | undefined, limits: Limits): ByteRange {
  const available = Math.min(limits.ticketSize, limits.imageSize);
  if (!asked) return { start: 0, length: available };
  const end = asked.last === undefined ? Math.max(available, asked.first + 1) : asked.last + 1;
  refuseOverrun(end, limits);
  return { start: asked.first, length: end - asked.first };
}

/** Refuses a range that ends after the ticket or after the image; throws `IMAGEIO_RANGE_INVALID` with `limit`. */
export function refuseOverrun(end: number, limits: Limits): void {
  if (end > limits.ticketSize) {
    throw ImageioError('IMAGEIO_RANGE_INVALID', { text: 'Requested range out of allowed range', limit: limits.ticketSize });
  }
  if (end > limits.imageSize) {
    const text = `Requested more bytes than available: ${end} > ${limits.imageSize}`;
    throw ImageioError('IMAGEIO_RANGE_INVALID', { text, limit: limits.imageSize });
  }
}

/** `Content-Range` of an answer; the total is the ticket's size. */
export function contentRange({ start, length }: ByteRange, total: number): string {
  return `bytes ${start}-${start + length - 1}/${total}`;
}

function unsatisfiable(header: string, why: string): Error {
  return ImageioError('IMAGEIO_RANGE_INVALID', { text: `Cannot satisfy range ${quoted(header)}, ${why}` });
}
