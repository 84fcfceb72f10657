import { randomBytes } from 'node:crypto';
import { connectNbd, type NbdClient } from '@fairlead/nbd';
import { type FakeOptions, type FakePeer, type FakeRequest, type FakeServer, fakeServer } from './fake-server.ts';
import { CopySink } from './sinks.ts';
import { chunk, dataPayload, READ } from './spec-bytes.ts';

export const KiB = 1024;
export const MiB = 1024 * KiB;

/** A client whose requests are small, so that small images need many. */
export function connectTo(
  server: FakeServer,
  options: { requestBytes?: number; inFlight?: number; requestMs?: number; flushMs?: number } = {},
): Promise<NbdClient> {
  const { requestBytes = 64 * KiB, inFlight = 4, ...patience } = options;
  return connectNbd({ socketPath: server.socketPath, readAhead: { requestBytes, inFlight }, ...patience });
}

/** A server that answers requests of one type as told and everything else well. */
export function answering(
  type: number,
  answer: (request: FakeRequest, peer: FakePeer) => unknown,
  options: FakeOptions = {},
): Promise<FakeServer> {
  return fakeServer({ ...options, answer: (request, peer) => (request.type === type ? answer(request, peer) : 'default') });
}

/** The same for reads, with random memory. */
export async function servingReads(
  read: (request: FakeRequest, peer: FakePeer) => unknown,
  options: FakeOptions = {},
): Promise<FakeServer> {
  const server = await answering(READ, read, options);
  randomBytes(server.memory.length).copy(server.memory);
  return server;
}

/** A server of random memory without any fault. */
export function plainServer(): Promise<FakeServer> {
  return servingReads(() => 'default');
}

/** Reads a range, all unless told, through `readTo`. */
export async function readAll(client: NbdClient, offset = 0, length: number = client.size - offset): Promise<Buffer> {
  const sink = new CopySink();
  await client.readTo(offset, length, sink);
  return sink.bytes;
}

/** A data chunk of what the server's memory holds. */
export function dataChunk(server: FakeServer, cookie: number, offset: number, length: number, flags: number): Buffer {
  return chunk({ cookie, type: 1, flags, payload: dataPayload(offset, server.memory.subarray(offset, offset + length)) });
}

/** A source of chunks of a size. */
export async function* yielding(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A source that gives some bytes and then nothing, for ever. */
export async function* stalling(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
  await new Promise(() => {});
}
