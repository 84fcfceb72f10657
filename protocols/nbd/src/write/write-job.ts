import { NBD_CMD_FLAG_FUA } from '../codec/wire.ts';
import { NbdError } from '../error.ts';
import { Operation } from '../operation.ts';
import { Body, type ByteSource } from './body.ts';
import { cutEnd } from './cuts.ts';
import type { Target } from './read-modify-write.ts';
import { WriteWindow } from './write-window.ts';

/** Choices of a write. */
export interface WriteChoice {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes acknowledged so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Writes chunks that are at hand. */
export async function writeChunks(
  target: Target,
  offset: number,
  chunks: readonly Uint8Array[],
  choice: WriteChoice & { readonly fua?: boolean },
): Promise<void> {
  const window = new WriteWindow(target, { flags: choice.fua ? NBD_CMD_FLAG_FUA : 0, signal: choice.signal }, choice);
  const operation = new Operation(target.connection, choice.signal, (error) => window.stop(error));
  try {
    await window.write(offset, chunks);
  } finally {
    await drained(window);
    operation.end();
  }
  await window.drain();
}

/** Writes `length` bytes that a source gives bit by bit; gives the bytes written. See `NbdClient.writeFrom`. */
export async function writeBody(
  target: Target,
  range: { readonly offset: number; readonly length: number },
  source: ByteSource,
  choice: WriteChoice,
): Promise<number> {
  const body = new Body(source);
  const listener = { onProgress: choice.onProgress, onFailure: (error: unknown) => body.stop(error) };
  const window = new WriteWindow(target, { flags: 0, signal: choice.signal }, listener);
  const operation = new Operation(target.connection, choice.signal, (error) => window.stop(error));
  try {
    const end = await feed(window, body, target, range);
    await window.drain();
    assertLength(range, end - range.offset, body.excess);
    return window.acknowledged;
  } finally {
    body.close();
    await drained(window);
    operation.end();
  }
}

/** Moves bytes from the source to the window until either ends; gives where it came to. */
async function feed(window: WriteWindow, body: Body, target: Target, range: { offset: number; length: number }): Promise<number> {
  const end = range.offset + range.length;
  let at = range.offset;
  while (at < end) {
    const wanted = cutEnd(at, end, target.shape) - at;
    const chunks = await body.take(wanted);
    const taken = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    await window.write(at, chunks);
    at += taken;
    if (taken < wanted) break;
  }
  return at;
}

function assertLength(range: { length: number }, written: number, excess: number): void {
  if (written < range.length) {
    throw new NbdError('NBD_SHORT_BODY', `the source ended after ${written} of ${range.length} bytes`, { written });
  }
  if (excess > 0) throw new NbdError('NBD_LONG_BODY', `the source gave more than ${range.length} bytes`, { written });
}

/** Waits until nothing is outstanding, whatever came of it: the caller may reuse his buffers then. */
async function drained(window: WriteWindow): Promise<void> {
  await window.drain().catch(() => {});
}
