import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import {
  ACK,
  BLOCK_STATUS,
  blockSizeInfo,
  chunk,
  DISC,
  dataPayload,
  ERR_UNSUP,
  EXTENDED_HEADERS,
  errorPayload,
  exportInfo,
  GO,
  greeting,
  INFO,
  LIST_META_CONTEXT,
  META_CONTEXT,
  metaContext,
  optionReply,
  READ,
  SET_META_CONTEXT,
  STRUCTURED_REPLY,
  simpleReply,
  statusExtPayload,
  statusPayload,
  WRITE,
  WRITE_ZEROES,
} from './spec-bytes.ts';

/** A request as the fake read it off the wire. */
export interface FakeRequest {
  readonly type: number;
  readonly flags: number;
  readonly cookie: number;
  readonly offset: number;
  readonly length: number;
  readonly payload: Buffer;
}

/** How the fake behaves. What is left out is a well-behaved server of 1 MiB of memory. */
export interface FakeOptions {
  readonly size?: number;
  readonly flags?: number;
  readonly mode?: 'simple' | 'structured' | 'extended';
  readonly blockSize?: readonly [min: number, preferred: number, max: number];
  /** Metadata contexts; their ids are 10, 11, ... */
  readonly contexts?: readonly string[];
  /** Answers a request in its own way, perhaps by saying nothing, unless it gives 'default'. */
  readonly answer?: (request: FakeRequest, peer: FakePeer) => unknown;
  /** The same for options. */
  readonly option?: (option: number, data: Buffer, peer: FakePeer) => unknown;
  /** Sent instead of the greeting; nothing else happens then. */
  readonly greeting?: Buffer;
  /** Every byte leaves in a write of its own. */
  readonly trickle?: boolean;
}

/** All flags but READ_ONLY and ROTATIONAL, as qemu-nbd has them. */
export const ALL_FLAGS = 0x0ded;

/** A server that speaks NBD by hand, also wrongly where a test says so. */
export class FakeServer implements AsyncDisposable {
  readonly socketPath: string;
  readonly memory: Buffer;
  /** Every request of every connection, in order. */
  readonly requests: FakeRequest[] = [];
  readonly peers: FakePeer[] = [];
  readonly #close: () => Promise<void>;

  constructor(socketPath: string, memory: Buffer, close: () => Promise<void>) {
    this.socketPath = socketPath;
    this.memory = memory;
    this.#close = close;
  }

  /** Types of the requests so far. */
  get types(): number[] {
    return this.requests.map(({ type }) => type);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

/** Starts the fake on a unix socket. */
export async function fakeServer(options: FakeOptions = {}): Promise<FakeServer> {
  const folder = await tempDir('fake-');
  const socketPath = join(folder.path, 'nbd.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    fake.peers.push(new FakePeer(socket, fake, options));
  });
  const fake = new FakeServer(socketPath, Buffer.alloc(Math.min(options.size ?? 1024 * 1024, 64 * 1024 * 1024)), async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await folder[Symbol.asyncDispose]();
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return fake;
}

/** One connection to the fake. */
export class FakePeer {
  readonly mode: 'simple' | 'structured' | 'extended';
  readonly #socket: Socket;
  readonly #fake: FakeServer;
  readonly #options: FakeOptions;
  #held = Buffer.alloc(0);
  #phase: 'flags' | 'options' | 'requests' | 'deaf' = 'flags';
  #trickling = Promise.resolve();
  /** Settles when the client hung up. */
  readonly hungUp: Promise<unknown>;

  constructor(socket: Socket, fake: FakeServer, options: FakeOptions) {
    this.#socket = socket;
    this.#fake = fake;
    this.#options = options;
    this.mode = options.mode ?? 'structured';
    this.hungUp = new Promise((resolve) => socket.once('close', resolve));
    if (options.greeting !== undefined) this.#phase = 'deaf';
    this.send(options.greeting ?? greeting());
    socket.on('data', (bytes) => {
      this.#held = Buffer.concat([this.#held, bytes]);
      while (this.#step());
    });
  }

  send(...bytes: readonly Buffer[]): void {
    const all = Buffer.concat(bytes);
    if (!this.#options.trickle) {
      this.#socket.write(all);
      return;
    }
    this.#trickling = this.#trickling.then(async () => {
      for (const byte of all) await new Promise((resolve) => this.#socket.write(Buffer.of(byte), resolve));
    });
  }

  hangUp(): void {
    this.#socket.destroy();
  }

  /** Hangs up when everything sent so far has left. */
  end(): void {
    this.#socket.end();
  }

  #take(length: number): Buffer | undefined {
    if (this.#held.length < length) return undefined;
    const bytes = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return bytes;
  }

  #step(): boolean {
    if (this.#phase === 'flags') {
      if (this.#take(4) === undefined) return false;
      this.#phase = 'options';
      return true;
    }
    if (this.#phase === 'options') return this.#stepOption();
    return this.#phase === 'requests' && this.#stepRequest();
  }

  #stepOption(): boolean {
    if (this.#held.length < 16) return false;
    const length = this.#held.readUInt32BE(12);
    const bytes = this.#take(16 + length);
    if (bytes === undefined) return false;
    const option = bytes.readUInt32BE(8);
    const data = bytes.subarray(16);
    const { option: answer = () => 'default' } = this.#options;
    if (answer(option, data, this) === 'default') this.#answerOption(option, data);
    return true;
  }

  #answerOption(option: number, data: Buffer): void {
    const supported =
      (option === EXTENDED_HEADERS && this.mode === 'extended') ||
      (option === STRUCTURED_REPLY && this.mode === 'structured') ||
      [GO, LIST_META_CONTEXT, SET_META_CONTEXT].includes(option);
    if (option === LIST_META_CONTEXT || option === SET_META_CONTEXT) this.#sendContexts(option, data);
    if (option === GO) this.#sendInfos();
    this.send(optionReply(option, supported ? ACK : ERR_UNSUP));
  }

  #sendContexts(option: number, data: Buffer): void {
    for (const [index, name] of (this.#options.contexts ?? []).entries()) {
      const wanted = data.includes(name) || (option === LIST_META_CONTEXT && data.includes(name.slice(0, name.lastIndexOf(':') + 1)));
      if (wanted) this.send(optionReply(option, META_CONTEXT, metaContext(10 + index, name)));
    }
  }

  #sendInfos(): void {
    const { size = this.#fake.memory.length, flags = ALL_FLAGS, blockSize = [1, 4096, 32 * 1024 * 1024] } = this.#options;
    this.send(optionReply(GO, INFO, blockSizeInfo(...blockSize)), optionReply(GO, INFO, exportInfo(size, flags)));
    this.#phase = 'requests';
  }

  #stepRequest(): boolean {
    const extended = this.mode === 'extended';
    const headBytes = extended ? 32 : 28;
    if (this.#held.length < headBytes) return false;
    const type = this.#held.readUInt16BE(6);
    const length = extended ? Number(this.#held.readBigUInt64BE(24)) : this.#held.readUInt32BE(24);
    const payloadBytes = type === WRITE ? length : 0;
    const bytes = this.#take(headBytes + payloadBytes);
    if (bytes === undefined) return false;
    if (bytes.readUInt32BE(0) !== (extended ? 0x21e41c71 : 0x25609513)) throw new Error('the client sent a wrong request magic');
    const request: FakeRequest = {
      type,
      flags: bytes.readUInt16BE(4),
      cookie: Number(bytes.readBigUInt64BE(8)),
      offset: Number(bytes.readBigUInt64BE(16)),
      length,
      payload: Buffer.from(bytes.subarray(headBytes)),
    };
    this.#fake.requests.push(request);
    const { answer = () => 'default' } = this.#options;
    if (answer(request, this) === 'default') this.answer(request);
    return true;
  }

  /** What a good server does. */
  answer(request: FakeRequest): void {
    const { memory } = this.#fake;
    const { type, offset, length } = request;
    switch (type) {
      case DISC:
        this.hangUp();
        break;
      case READ:
        this.data(request, offset, memory.subarray(offset, offset + length));
        break;
      case BLOCK_STATUS:
        this.status(request, this.#allData(length));
        break;
      default:
        if (type === WRITE) request.payload.copy(memory, offset);
        if (type === WRITE_ZEROES) memory.fill(0, offset, offset + length);
        this.success(request);
    }
  }

  #allData(length: number): [number, [number, number][]][] {
    return (this.#options.contexts ?? []).map((_, index) => [10 + index, [[length, 0]]]);
  }

  success(request: FakeRequest): void {
    this.send(this.mode === 'extended' ? this.#chunk(request, { type: 0 }) : simpleReply(request.cookie).buffer);
  }

  /** A data chunk, the last one unless told. */
  data(request: FakeRequest, offset: number, bytes: Buffer, flags = 1): void {
    if (this.mode === 'simple') this.send(simpleReply(request.cookie).buffer, bytes);
    else this.send(this.#chunk(request, { type: 1, flags, payload: dataPayload(offset, bytes) }));
  }

  /** Any chunk. */
  chunk(request: FakeRequest, type: number, payload: Buffer, flags = 1): void {
    this.send(this.#chunk(request, { type, flags, payload }));
  }

  /** One status chunk per context. */
  status(request: FakeRequest, answers: readonly (readonly [context: number, areas: readonly (readonly [number, number])[]])[]): void {
    const extended = this.mode === 'extended';
    for (const [index, [context, areas]] of answers.entries()) {
      const payload = extended ? statusExtPayload(context, areas) : statusPayload(context, areas);
      this.chunk(request, extended ? 6 : 5, payload, index === answers.length - 1 ? 1 : 0);
    }
  }

  error(request: FakeRequest, errno: number, message = ''): void {
    if (this.mode === 'simple') this.send(simpleReply(request.cookie, errno).buffer);
    else this.chunk(request, 0x8001, errorPayload(errno, message));
  }

  #chunk(request: FakeRequest, fields: { type: number; flags?: number; payload?: Buffer }): Buffer {
    return chunk({ cookie: request.cookie, ...fields, ...(this.mode === 'extended' ? { echo: request.offset } : {}) });
  }
}
