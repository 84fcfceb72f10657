import type { BlockStatus } from './codec/block-status.ts';
import { type ReplyHandler, type ReplyMode, ReplyParser } from './codec/reply-parser.ts';
import { encodeRequest } from './codec/request-writer.ts';
import { NBD_CMD_DISC, NBD_REPLY_TYPE_BLOCK_STATUS, NBD_REPLY_TYPE_BLOCK_STATUS_EXT } from './codec/wire.ts';
import { NbdError, protocolError } from './error.ts';
import type { SlabReader } from './net/slabs.ts';
import type { Wire, WireReader } from './net/wire.ts';
import type { Pending } from './pending.ts';
import { Watchdog } from './watchdog.ts';

/** Cancelled requests have this long to be answered before the connection is given up. */
const DRAIN_MS = 1000;
/** After the disconnect request the server has this long to hang up. */
const HANG_UP_MS = 1000;
const COOKIES = 0x1_0000_0000;

/** A call of the client's owner; ends with the connection at the latest. */
export interface Running {
  stop(error: NbdError): void;
}

/** Somebody who waits for memory. */
export interface Starved {
  resume(): void;
}

/** How long the server may keep silent, milliseconds. */
interface Patience {
  readonly requestMs: number;
  readonly flushMs: number;
}

/** The transmission phase: gives cookies, sends requests, leads replies to them, and watches that they come. */
export class Connection implements WireReader, ReplyHandler {
  readonly running = new Set<Running>();
  /** Who shall be resumed, once, when a slab is given back. */
  readonly starved = new Set<Starved>();
  readonly #wire: Wire;
  readonly #mode: ReplyMode;
  readonly #parser: ReplyParser;
  readonly #pending = new Map<number, Pending>();
  readonly #watchdog: Watchdog;
  readonly #gone = Promise.withResolvers<void>();
  #cookie = 0;
  /** The request whose data is passing. */
  #receiving: Pending | undefined;
  #failure: NbdError | undefined;
  #idle: (() => void) | undefined;

  constructor(wire: Wire, mode: ReplyMode, patience: Patience) {
    this.#wire = wire;
    this.#mode = mode;
    this.#parser = new ReplyParser(mode, this);
    this.#watchdog = new Watchdog(patience, this.#pending, (error) => this.fail(error));
    wire.reader = this;
    wire.slabs.onFreed = () => this.#feed();
  }

  /** Why the connection cannot be used any more. */
  get failure(): NbdError | undefined {
    return this.#failure;
  }

  get slabs(): SlabReader {
    return this.#wire.slabs;
  }

  /** Sends a request, with its payload if it is a write. The payload must not change before the request is answered. */
  send(request: Pending, payload?: readonly Uint8Array[]): void {
    if (this.#failure) {
      request.lost(this.#failure);
      return;
    }
    const cookie = this.#freshCookie();
    this.#pending.set(cookie, request);
    const { type, flags, offset, length } = request;
    const head = encodeRequest({ type, flags, cookie, offset, length }, this.#mode === 'extended');
    if (payload === undefined) {
      this.#wire.send(head);
      return;
    }
    this.#wire.cork();
    this.#wire.send(head);
    for (const [index, chunk] of payload.entries()) {
      this.#wire.send(chunk, index === payload.length - 1 ? () => this.#sent(request) : undefined);
    }
    this.#wire.uncork();
  }

  /** Lets several requests leave together. */
  batch(send: () => void): void {
    this.#wire.cork();
    send();
    this.#wire.uncork();
  }

  /** Waits until no request is outstanding, a second at most. */
  async drained(): Promise<void> {
    if (this.#pending.size === 0) return;
    this.drainSoon([...this.#pending.values()]);
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Gives the server a second to answer requests that nobody wants any more, then gives up (imageio 9.4). */
  drainSoon(dropped: readonly Pending[]): void {
    if (dropped.length === 0 || this.#failure) return;
    const timer = setTimeout(() => {
      const outstanding = new Set(this.#pending.values());
      if (dropped.some((request) => outstanding.has(request))) {
        this.fail(new NbdError('NBD_TIMEOUT', `cancelled requests were not answered within ${DRAIN_MS} ms`));
      }
    }, DRAIN_MS);
    timer.unref();
  }

  /** Says goodbye and waits until the socket is gone, a second at most. */
  async disconnect(reason: NbdError): Promise<void> {
    if (!this.#failure) {
      this.#failure = reason;
      this.#wire.end(encodeRequest({ type: NBD_CMD_DISC, flags: 0, cookie: 0, offset: 0, length: 0 }, this.#mode === 'extended'));
      const timer = setTimeout(() => this.#wire.destroy(), HANG_UP_MS);
      await this.#gone.promise;
      clearTimeout(timer);
    }
    await this.#gone.promise;
  }

  /** Gives the connection up; everything running ends with `error`. */
  fail(error: NbdError): void {
    if (this.#failure) {
      this.#wire.destroy();
      return;
    }
    this.#failure = error;
    this.#watchdog.stop();
    this.#wire.destroy();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const request of pending) request.lost(error);
    for (const call of [...this.running]) call.stop(error);
    this.#idle?.();
  }

  // From the wire.

  receive(source: Buffer, length: number): void {
    try {
      this.#parser.push(source, length);
    } catch (error) {
      this.fail(error instanceof NbdError ? error : new NbdError('NBD_PROTOCOL', 'the client failed on a reply', { cause: error }));
    }
  }

  lost(cause: Error | undefined): void {
    this.#watchdog.stop();
    this.#gone.resolve();
    this.fail(new NbdError('NBD_CONNECTION_LOST', 'the NBD server closed the connection', { cause }));
  }

  // From the parser.

  simple(cookie: number): number {
    const request = this.#find(cookie);
    if (this.#mode !== 'simple' && (request.isRead || request.isStatus)) {
      throw protocolError(`a simple reply to a request of type ${request.type}`);
    }
    if (!request.isRead) return 0;
    request.dataStart(request.offset, request.length);
    this.#receiving = request;
    return request.length;
  }

  chunk(cookie: number, type: number, _length: number, offset: number | undefined): void {
    const request = this.#find(cookie);
    request.chunk();
    const isStatus = type === NBD_REPLY_TYPE_BLOCK_STATUS || type === NBD_REPLY_TYPE_BLOCK_STATUS_EXT;
    if (isStatus && !request.isStatus) throw protocolError('a block status that nobody asked for');
    if (offset !== undefined && offset !== request.offset) throw protocolError('a reply echoes an offset that was not asked for');
  }

  dataStart(cookie: number, offset: number, length: number): void {
    const request = this.#find(cookie);
    request.dataStart(offset, length);
    this.#receiving = request;
  }

  data(_source: Buffer, start: number, end: number): void {
    const { current, base } = this.#wire.slabs;
    this.#receiving?.data(current, base + start, base + end);
  }

  hole(cookie: number, offset: number, length: number): void {
    this.#find(cookie).hole(offset, length);
  }

  status(cookie: number, status: BlockStatus): void {
    this.#find(cookie).status(status);
  }

  error(cookie: number, errno: number, message: string): void {
    this.#find(cookie).refused(errno, message);
  }

  done(cookie: number): void {
    const request = this.#find(cookie);
    this.#pending.delete(cookie);
    request.done();
    if (this.#pending.size === 0) this.#idle?.();
  }

  #find(cookie: number): Pending {
    const request = this.#pending.get(cookie);
    if (request === undefined) throw protocolError(`a reply to the unknown cookie ${cookie}`);
    return request;
  }

  #feed(): void {
    if (this.starved.size === 0) return;
    const readers = [...this.starved];
    this.starved.clear();
    for (const reader of readers) reader.resume();
  }

  #sent(request: Pending): void {
    request.progress += 1;
  }

  #freshCookie(): number {
    do this.#cookie = (this.#cookie + 1) % COOKIES;
    while (this.#pending.has(this.#cookie));
    return this.#cookie;
  }
}
