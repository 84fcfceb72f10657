import { alignDown, alignUp } from '../limits.ts';

/** Where the request that begins at `position` ends, for a write up to `end`: at a multiple of the request size, and at block borders. */
export function cutEnd(position: number, end: number, shape: { readonly align: number; readonly requestBytes: number }): number {
  const { align, requestBytes } = shape;
  if (position % align !== 0) return Math.min(end, alignUp(position, align));
  const cut = Math.min(end, alignDown(position, requestBytes) + requestBytes);
  const whole = alignDown(cut, align);
  return whole > position ? whole : cut;
}

/** True if a request of this range can go to the wire as it is. */
export function isAligned(position: number, end: number, align: number): boolean {
  return position % align === 0 && end % align === 0;
}
