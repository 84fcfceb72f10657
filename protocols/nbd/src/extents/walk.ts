import { NBD_EINVAL, NBD_ENOTSUP } from '../codec/wire.ts';
import type { Connection } from '../connection.ts';
import { NbdError } from '../error.ts';
import { alignDown, alignUp, type Shape } from '../limits.ts';
import type { Context } from '../negotiate.ts';
import { Operation } from '../operation.ts';
import { StatusRequest } from './status-request.ts';
import { type ContextStatus, ExtentAssembler, type NbdExtent } from './zip.ts';

/** The most one request asks about: below 2^31, which some servers take for the limit, and whole 64 KiB clusters. */
const STEP = 2 ** 31 - 65536;

/** What is asked of which contexts. */
interface Walk {
  readonly start: number;
  readonly end: number;
  readonly contexts: readonly Context[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Steps through the range with BLOCK_STATUS and gives the extents reply by reply, side by side, covering all of it.
 * If a server without dirty bitmap does not support the request after all, the rest is one data extent; every other
 * failure is thrown (imageio 10).
 */
export async function* walkExtents(connection: Connection, shape: Shape, walk: Walk): AsyncGenerator<NbdExtent[], void, undefined> {
  const assembler = new ExtentAssembler();
  const told = walk.contexts.length === 0 ? walk.start : Math.min(walk.end, shape.reachable);
  let at = walk.start;
  while (at < told) {
    const offset = alignDown(at, shape.align);
    const length = Math.min(STEP, shape.reachable - offset, alignUp(told - offset, shape.align));
    const statuses = await ask(connection, walk, offset, length);
    if (statuses === undefined) break;
    try {
      at = assembler.add({ offset, length, align: shape.align, size: shape.size }, statuses, at, told);
    } catch (error) {
      connection.fail(error as NbdError);
      throw error;
    }
    const finished = assembler.take();
    if (finished.length > 0) yield finished;
  }
  if (at < walk.end) assembler.append(unknownExtent(walk.contexts, at, walk.end - at));
  const last = assembler.finish();
  if (last.length > 0) yield last;
}

/** One request; undefined if the server says that it cannot do that and data is a safe answer. */
async function ask(connection: Connection, walk: Walk, offset: number, length: number): Promise<ContextStatus[] | undefined> {
  const request = new StatusRequest(walk.contexts, offset, length);
  const operation = new Operation(connection, walk.signal, (error) => {
    request.stop(error);
    connection.drainSoon([request]);
  });
  try {
    connection.send(request);
    return await request.answer;
  } catch (error) {
    if (isUnsupported(error) && walk.contexts.every(({ kind }) => kind !== 'dirty')) return undefined;
    throw error;
  } finally {
    operation.end();
  }
}

function isUnsupported(error: unknown): boolean {
  return error instanceof NbdError && error.code === 'NBD_REPLY' && (error.errno === NBD_ENOTSUP || error.errno === NBD_EINVAL);
}

/** An area of which nothing is known: it must be read, so it is data, and dirty. */
function unknownExtent(contexts: readonly Context[], start: number, length: number): NbdExtent {
  const extent: NbdExtent = { start, length };
  for (const { kind } of contexts) {
    if (kind === 'allocation') extent.allocation = 0;
    if (kind === 'dirty') extent.dirty = 1;
  }
  return extent;
}
