import type { BlockStatus } from '../codec/block-status.ts';
import { NBD_STATE_DIRTY, NBD_STATE_HOLE, NBD_STATE_ZERO } from '../codec/wire.ts';
import { protocolError } from '../error.ts';
import type { ContextKind } from '../negotiate.ts';

/** An area of an export of which one thing is known; a key is absent if its context was not negotiated. */
export interface NbdExtent {
  readonly start: number;
  length: number;
  /** Bits of `base:allocation`: 1 hole, 2 reads as zeroes. */
  allocation?: number;
  /** 0 unallocated, 1 in the image itself, 2 and more in its backing chain. */
  depth?: number;
  /** 1 if written since the bitmap began. */
  dirty?: number;
}

/** One context's answer, with what it tells about. */
export interface ContextStatus {
  readonly kind: ContextKind;
  readonly status: BlockStatus;
}

/** The range a reply answers, and the end of what is wanted. */
export interface Asked {
  readonly offset: number;
  readonly length: number;
  /** Lengths must be multiples of this, except at the end of the export. */
  readonly align: number;
  readonly size: number;
}

/** Walks one context's areas in step with the others. */
interface Cursor extends ContextStatus {
  index: number;
  /** End of the area at `index`. */
  end: number;
}

/**
 * Puts the answers of all contexts together, reply after reply, into extents that lie side by side and differ from their
 * neighbours (imageio 10). Never guesses: what a reply leaves out is asked for again by the caller.
 */
export class ExtentAssembler {
  #finished: NbdExtent[] = [];
  #open: NbdExtent | undefined;

  /**
   * Adds a reply from `from` on, up to `to` at most, and gives the end of what all contexts told: ask on from there.
   * Throws `NBD_PROTOCOL` if an area other than the last exceeds what was asked, or is cut within a block.
   */
  add(asked: Asked, statuses: readonly ContextStatus[], from: number, to: number): number {
    let usable = to;
    for (const { status } of statuses) usable = Math.min(usable, spanEnd(asked, status));
    const cursors = statuses.map(({ kind, status }) => ({ kind, status, index: 0, end: asked.offset + (status.lengths[0] ?? 0) }));
    let at = from;
    while (at < usable) {
      const extent: NbdExtent = { start: at, length: 0 };
      let next = usable;
      for (const cursor of cursors) {
        forward(cursor, at);
        next = Math.min(next, cursor.end);
        extent[cursor.kind] = masked(cursor);
      }
      extent.length = next - at;
      this.append(extent);
      at = next;
    }
    return usable;
  }

  /** Adds an area that begins where the last one ended. */
  append(extent: NbdExtent): void {
    const open = this.#open;
    if (open !== undefined && same(open, extent)) {
      open.length += extent.length;
      return;
    }
    if (open !== undefined) this.#finished.push(open);
    this.#open = extent;
  }

  /** The extents that will not grow any more. */
  take(): NbdExtent[] {
    const finished = this.#finished;
    this.#finished = [];
    return finished;
  }

  /** All that is left. */
  finish(): NbdExtent[] {
    if (this.#open !== undefined) this.#finished.push(this.#open);
    this.#open = undefined;
    return this.take();
  }
}

/** Where a context's areas end; checks them on the way. */
function spanEnd(asked: Asked, status: BlockStatus): number {
  const limit = asked.offset + asked.length;
  let at = asked.offset;
  for (const length of status.lengths) {
    if (at >= limit) throw protocolError('a block status goes on behind what was asked for');
    at += length;
    if (length % asked.align !== 0 && at < asked.size) throw protocolError('a block status area ends within a block');
  }
  return at;
}

function forward(cursor: Cursor, at: number): void {
  while (cursor.end <= at) {
    cursor.index += 1;
    cursor.end += cursor.status.lengths[cursor.index] ?? Number.POSITIVE_INFINITY;
  }
}

function masked(cursor: Cursor): number {
  const flags = cursor.status.flags[cursor.index] ?? 0;
  if (cursor.kind === 'depth') return flags;
  return flags & (cursor.kind === 'allocation' ? NBD_STATE_HOLE | NBD_STATE_ZERO : NBD_STATE_DIRTY);
}

function same(a: NbdExtent, b: NbdExtent): boolean {
  return a.allocation === b.allocation && a.depth === b.depth && a.dirty === b.dirty;
}
