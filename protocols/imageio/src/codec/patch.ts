import { ImageioError } from '../errors.ts';
import { booleanValue, naturalMember, naturalNumber, oneOf, parseObject } from './values.ts';

/** What a PATCH asks for (imageio 2.6). Offsets and sizes in bytes. */
export type PatchOperation =
  | { readonly op: 'zero'; readonly offset: number; readonly size: number; readonly flush: boolean }
  | { readonly op: 'flush' };

/** Longest PATCH body that is read, in bytes. */
export const MAX_PATCH_BODY = 64 * 1024;

/** Reads the body of a PATCH, whatever its content type. Unknown members are ignored. Throws `IMAGEIO_REQUEST_INVALID`. */
export function parsePatch(body: Uint8Array): PatchOperation {
  const message = parseObject(body, 'Invalid JSON message');
  if (message.op === undefined) throw ImageioError('IMAGEIO_REQUEST_INVALID', { text: 'Missing required value for op' });
  const op = oneOf(message.op, 'op', ['flush', 'zero']);
  if (op === 'flush') return { op };
  return {
    op,
    size: naturalMember(message, 'size'),
    offset: message.offset === undefined ? 0 : naturalNumber(message.offset),
    flush: message.flush === undefined ? false : booleanValue(message.flush),
  };
}

/** The body of a PATCH, for clients. */
export function writePatch(operation: PatchOperation): string {
  return JSON.stringify(operation);
}
