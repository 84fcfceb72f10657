import type { DirtyExtent, ZeroExtent } from '@fairlead/imageio/codec';

/** Block status of a stretch as the NBD client gives it; a context that was not negotiated is absent. */
export interface BlockStatus {
  readonly start: number;
  readonly length: number;
  /** Flags of `base:allocation`: 1 = hole, 2 = zero. */
  readonly allocation?: number | undefined;
  /** Of `qemu:allocation-depth`: 0 = not allocated in this image. */
  readonly depth?: number | undefined;
  /** Of `qemu:dirty-bitmap:…`: bit 0. */
  readonly dirty?: number | boolean | undefined;
}

const ZERO = 2;

/** Only the ZERO bit means zero; a hole without it is data (imageio 2.7: anything else loses data silently). */
export function toZeroExtent({ start, length, allocation = 0, depth }: BlockStatus): ZeroExtent {
  return { start, length, zero: (allocation & ZERO) !== 0, hole: depth === 0 };
}

export function toDirtyExtent({ start, length, allocation = 0, dirty }: BlockStatus): DirtyExtent {
  return { start, length, dirty: (Number(dirty ?? 1) & 1) !== 0, zero: (allocation & ZERO) !== 0 };
}
