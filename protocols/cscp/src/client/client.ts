import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { formatRequest } from '../codec/format-request.ts';
import { LineSplitter } from '../codec/line-splitter.ts';
import type { Operation, WatchFilter } from '../codec/operation.ts';
import type { Greeting, Reply } from '../codec/reply.ts';
import { ReplyParser } from '../codec/reply-parser.ts';
import { abortedError, CscpError, protocolError, unusableError } from '../error.ts';
import { Exchange, type Limits } from './exchange.ts';
import { readGreeting } from './greeting.ts';
import type { CallOptions, CscpClientOptions, CscpStreamOptions } from './options.ts';
import { canAnswer } from './plausible.ts';
import { CscpWatch, type WatchCallOptions } from './watch.ts';

const MIB = 1024 * 1024;
const TIMEOUT_MS = 60_000;
/** A command that anybody may give, and how its reply begins. */
const PROBE: Operation = { verb: 'WHOAMI' };
const PROBE_REPLY = '104 OBJECT ';

/**
 * One connection to a CSCP server. Calls may overlap: commands are pipelined and each gets the reply of its place. A reply is read to its
 * end before the next one is begun; after a deadline, an abort or anything that is no proper reply the connection is destroyed and never
 * used again, since nobody could tell which reply comes next.
 */
export class CscpClient implements AsyncDisposable {
  readonly greeting: Greeting;
  readonly #stream: Duplex;
  readonly #timeoutMs: number;
  readonly #maxRequestBytes: number;
  readonly #splitter: LineSplitter;
  readonly #parser: ReplyParser;
  /** Waiting for replies, in order. */
  readonly #waiting: Exchange[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #failure: CscpError | undefined;
  #sent = 0;
  #identitySwitches = 0;
  #inTransaction = false;
  #watch: CscpWatch | undefined;

  private constructor(stream: Duplex, greeting: Greeting, options: CscpStreamOptions) {
    this.#stream = stream;
    this.greeting = greeting;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#maxRequestBytes = options.maxRequestBytes ?? 8 * MIB;
    const maxReplyBytes = options.maxReplyBytes ?? 64 * MIB;
    this.#splitter = new LineSplitter(maxReplyBytes);
    this.#parser = new ReplyParser(maxReplyBytes);
    stream.on('data', (piece) => this.#onData(piece));
    stream.on('error', (cause) => this.#fail(this.#goneError(cause)));
    stream.on('end', () => this.#fail(this.#goneError()));
    stream.on('close', () => {
      this.#fail(this.#goneError());
      this.#closed.resolve();
    });
  }

  /**
   * Connects and reads the greeting. Throws `CSCP_UNREACHABLE`, `CSCP_NOT_READY`, `CSCP_PROTOCOL`, `CSCP_CLOSED`, `CSCP_TIMEOUT`,
   * `CSCP_ABORTED`.
   */
  static async connect(options: CscpClientOptions): Promise<CscpClient> {
    if (options.signal?.aborted) throw abortedError(options.signal, false);
    return await CscpClient.over(connect({ path: options.socketPath }), options);
  }

  /** The same over a stream that is open already, which is the client's from now on. */
  static async over(stream: Duplex, options: CscpStreamOptions = {}): Promise<CscpClient> {
    const limits = { timeoutMs: options.timeoutMs ?? TIMEOUT_MS, signal: options.signal };
    return new CscpClient(stream, await readGreeting(stream, limits), options);
  }

  /** Why the engine was suspended when the connection was made. */
  get suspended(): string | undefined {
    return this.greeting.suspended;
  }

  /** Whether commands can still be given. */
  get usable(): boolean {
    return this.#failure === undefined && !this.#watch;
  }

  /** Why it is not usable any more. */
  get failure(): CscpError | undefined {
    return this.#failure;
  }

  /** Ends when the stream is closed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** How many commands were given to the stream. */
  get sent(): number {
    return this.#sent;
  }

  /** How many replies are awaited. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** How often a command was given that may have changed for whom the connection acts. */
  get identitySwitches(): number {
    return this.#identitySwitches;
  }

  /** Whether a BEGIN is not answered by a COMMIT yet, as far as the replies tell. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /**
   * Gives a command and answers its whole reply, whatever its end code is. Throws `CSCP_BAD_NAME`, `CSCP_BAD_VALUE` and
   * `CSCP_TOO_LARGE` (`sent` is false) for a command that cannot be sent, and leaves the connection alone then; `CSCP_TIMEOUT`,
   * `CSCP_ABORTED`, `CSCP_CLOSED`, `CSCP_PROTOCOL`, `CSCP_TOO_LARGE` when the connection is lost.
   */
  async execute(operation: Operation, options: CallOptions = {}): Promise<Reply> {
    return await this.#give(operation, this.#lineOf(operation), options);
  }

  /** Gives several commands at once; the replies are in their order. When one of them cannot be sent, none is. */
  async executeAll(operations: readonly Operation[], options: CallOptions = {}): Promise<readonly Reply[]> {
    const lines = operations.map((operation) => this.#lineOf(operation));
    this.#stream.cork();
    try {
      return Promise.all(operations.map((operation, index) => this.#give(operation, lines[index] ?? '', options)));
    } finally {
      this.#stream.uncork();
    }
  }

  /**
   * Turns the connection into a stream of what is committed (cce 12.1), where the server offers that; it serves for nothing else afterwards. Throws
   * `CSCP_REFUSED` when the server does not watch, `CSCP_BUSY` while a reply is awaited, and what `execute` throws.
   */
  async watch(filters: readonly WatchFilter[] = [], options: WatchCallOptions = {}): Promise<CscpWatch> {
    const line = this.#lineOf({ verb: 'WATCH', filters });
    this.#requireFree(options.signal);
    if (this.pending > 0) throw new CscpError('CSCP_BUSY', 'a reply is awaited on this connection');
    const watch = new CscpWatch({ stream: this.#stream, destroy: (reason) => this.destroy(reason) }, options);
    this.#watch = watch;
    this.#sent += 1;
    this.#stream.write(`${line}\n`, 'latin1');
    await watch.begun(options.timeoutMs ?? this.#timeoutMs);
    return watch;
  }

  /** Says BYE when nothing is on its way, and closes. Never rejects. */
  async close(): Promise<void> {
    if (this.usable && this.pending === 0) await this.execute({ verb: 'BYE' }, { timeoutMs: 1000 }).catch(() => undefined);
    this.destroy();
    await this.closed;
  }

  /** Ends the connection at once; what is awaited is rejected with the reason, `CSCP_CLOSED` when there is none. */
  destroy(reason?: CscpError): void {
    this.#fail(reason ?? new CscpError('CSCP_CLOSED', 'the connection was closed by its owner', { sent: this.pending > 0 }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #lineOf(operation: Operation): string {
    const line = formatRequest(operation);
    // A request is ASCII, so that characters are bytes.
    if (line.length <= this.#maxRequestBytes) return line;
    throw new CscpError('CSCP_TOO_LARGE', `the command has ${line.length} bytes, more than ${this.#maxRequestBytes}`);
  }

  #give(operation: Operation, line: string, options: CallOptions): Promise<Reply> {
    this.#requireFree(options.signal);
    const limits = { signal: options.signal, timeoutMs: options.timeoutMs ?? this.#timeoutMs };
    const exchange = this.#await(operation, limits);
    this.#sent += 1;
    if (operation.verb === 'AUTH' || operation.verb === 'AUTHKEY' || operation.verb === 'ENDKEY') this.#identitySwitches += 1;
    if (operation.verb === 'BEGIN') this.#inTransaction = true;
    this.#stream.write(`${line}\n`, 'latin1');
    return operation.verb === 'HELP' ? this.#probe(exchange, limits) : exchange.reply;
  }

  #requireFree(signal: AbortSignal | undefined): void {
    if (this.#failure) throw unusableError(this.#failure);
    if (this.#watch) throw new CscpError('CSCP_BUSY', 'the connection watches');
    if (signal?.aborted) throw abortedError(signal, false);
  }

  #await(operation: Operation, limits: Limits): Exchange {
    const exchange = new Exchange(operation, limits, this.#giveUp);
    if (this.#waiting.push(exchange) === 1) exchange.begin();
    return exchange;
  }

  /** The original ends HELP with nothing at all (cce 1.7): the reply to a command behind it shows where the end was. */
  async #probe(help: Exchange, limits: Limits): Promise<Reply> {
    const probe = this.#await(PROBE, limits);
    this.#stream.write(`${formatRequest(PROBE)}\n`, 'latin1');
    const [reply] = await Promise.all([help.reply, probe.reply]);
    return reply;
  }

  readonly #giveUp = (exchange: Exchange, error: CscpError): void => {
    exchange.reject(error);
    this.#fail(error, new CscpError('CSCP_CLOSED', 'another call gave the connection up', { cause: error, sent: true }));
  };

  #onData(piece: Uint8Array): void {
    if (this.#failure) return;
    try {
      const { lines, tooLong } = this.#splitter.push(piece);
      for (const line of lines) this.#readLine(line);
      if (tooLong) throw new CscpError('CSCP_TOO_LARGE', 'a line of a reply is too long', { sent: true });
    } catch (error) {
      this.#fail(error instanceof CscpError ? error : protocolError('a reply that cannot be read'));
    }
  }

  #readLine(line: string): void {
    if (this.#failure) return;
    if (this.#watch) {
      this.#watch.push(line);
      return;
    }
    if (this.#waiting[0]?.operation.verb === 'HELP' && line.startsWith(PROBE_REPLY))
      this.#complete(this.#waiting[0], this.#parser.endHelp());
    const [exchange] = this.#waiting;
    const reply = this.#parser.push(line, exchange?.operation.verb === 'HELP');
    if (!exchange && (reply || this.#parser.inReply)) throw protocolError('the server speaks without being asked');
    if (!exchange || !reply) return;
    this.#complete(exchange, reply);
  }

  #complete(exchange: Exchange, reply: Reply): void {
    if (!canAnswer(reply, exchange.operation)) throw protocolError(`this is no reply to ${exchange.operation.verb}`);
    this.#waiting.shift();
    this.#waiting[0]?.begin();
    this.#noteState(exchange.operation, reply);
    exchange.resolve(reply);
  }

  #noteState({ verb }: Operation, { end }: Reply): void {
    if (verb === 'COMMIT' && end !== 402) this.#inTransaction = false;
    if (end !== 202 && end !== 998 && end !== 999) return;
    this.#fail(new CscpError('CSCP_CLOSED', `the server ended the connection: ${end}`, { sent: this.pending > 0 }));
  }

  #goneError(cause?: Error): CscpError {
    const where = this.#parser.inReply || this.#splitter.pendingBytes > 0 ? ' in the middle of a reply' : '';
    return new CscpError('CSCP_CLOSED', `the server closed the connection${where}`, { cause, sent: this.pending > 0 });
  }

  /** The first failure stays: the rest follow from it. */
  #fail(error: CscpError, forOthers = error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#stream.destroy();
    this.#watch?.fail(error);
    for (const exchange of this.#waiting.splice(0)) exchange.reject(forOthers);
  }
}
