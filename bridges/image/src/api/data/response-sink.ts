import type { ServerResponse } from 'node:http';
import type { ChunkSink } from '../../service/backend/backend.ts';
import type { Operation } from '../../service/ticket/operation.ts';
import { drained } from '../wire/drained.ts';

/**
 * Hands what is read to the client. The head goes out with the first bytes, so that a storage that fails before still gets a proper answer
 * (imageio 2.4); a chunk is released when the system has it.
 */
export class ResponseSink implements ChunkSink {
  readonly #response: ServerResponse;
  readonly #operation: Operation;
  readonly #writeHead: () => void;

  constructor(response: ServerResponse, operation: Operation, writeHead: () => void) {
    this.#response = response;
    this.#operation = operation;
    this.#writeHead = writeHead;
  }

  write(chunk: Buffer, release: () => void): boolean {
    if (!this.#response.headersSent) this.#writeHead();
    this.#operation.advance(chunk.length);
    return this.#response.write(chunk, release);
  }

  drained(): Promise<void> {
    return drained(this.#response);
  }

  /** All bytes were read: resolves when the client's side of the system has them. */
  finish(): Promise<void> {
    if (!this.#response.headersSent) this.#writeHead();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#response.once('close', () => reject(new Error('the client has gone')));
    this.#response.end(resolve);
    return promise;
  }
}
