import type { Connection } from '../connection.ts';
import type { Shape } from '../limits.ts';
import { ReadJob } from './read-job.ts';
import { BufferSink } from './sink.ts';

/** Reads a range into one buffer. */
export async function readBytes(
  connection: Connection,
  shape: Shape,
  range: { offset: number; length: number },
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const sink = new BufferSink(range.length);
  await new ReadJob(connection, shape, range, sink).run(signal);
  return sink.buffer;
}
