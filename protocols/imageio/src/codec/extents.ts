/** What is known about a stretch of an image. `context=zero` fills `zero` and `hole`, `context=dirty` fills `dirty` and `zero` (imageio 2.7). */
export interface ZeroExtent {
  readonly start: number;
  readonly length: number;
  /** Reads as zeroes. */
  readonly zero: boolean;
  /** Not allocated in this image: a backing image would show through. */
  readonly hole: boolean;
}

export interface DirtyExtent {
  readonly start: number;
  readonly length: number;
  /** Changed since the checkpoint. */
  readonly dirty: boolean;
  readonly zero: boolean;
}

export type ExtentContext = 'zero' | 'dirty';

export interface ExtentOf {
  readonly zero: ZeroExtent;
  readonly dirty: DirtyExtent;
}

/** Joins neighbours with equal flags, whatever their length. */
export async function* mergeExtents<T extends ZeroExtent | DirtyExtent>(extents: AsyncIterable<T>): AsyncGenerator<T> {
  let pending: T | undefined;
  for await (const extent of extents) {
    if (pending && sameFlags(pending, extent)) {
      pending = { ...pending, length: pending.length + extent.length };
      continue;
    }
    if (pending) yield pending;
    pending = extent;
  }
  if (pending) yield pending;
}

/** The JSON array of an extents answer as pieces of text of about `pieceSize` characters, the last one with the line end. */
export async function* writeExtents(extents: AsyncIterable<ZeroExtent | DirtyExtent>, pieceSize = 64 * 1024): AsyncGenerator<string> {
  let piece = '[';
  let separator = '';
  for await (const extent of extents) {
    piece += separator + extentText(extent);
    separator = ', ';
    if (piece.length < pieceSize) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]\n`;
}

function extentText(extent: ZeroExtent | DirtyExtent): string {
  const place = `{"start": ${extent.start}, "length": ${extent.length}`;
  if ('dirty' in extent) return `${place}, "dirty": ${extent.dirty}, "zero": ${extent.zero}}`;
  return `${place}, "zero": ${extent.zero}, "hole": ${extent.hole}}`;
}

function sameFlags(a: ZeroExtent | DirtyExtent, b: ZeroExtent | DirtyExtent): boolean {
  if (a.zero !== b.zero) return false;
  if ('dirty' in a) return 'dirty' in b && a.dirty === b.dirty;
  return 'hole' in b && a.hole === b.hole;
}
