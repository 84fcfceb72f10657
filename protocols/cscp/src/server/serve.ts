import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Where } from '../codec/commands.ts';
import { formatGreeting, formatReply, formatReplyLine } from '../codec/format-reply.ts';
import { LineSplitter } from '../codec/line-splitter.ts';
import type { Operation, Verb } from '../codec/operation.ts';
import { LINE_TOO_LONG, parseRequest } from '../codec/parse-request.ts';
import type { Greeting, Reply, ReplyLine } from '../codec/reply.ts';
import { PieceReader } from './piece-reader.ts';
import { ReplyWriter } from './reply-writer.ts';

/** What carries out the commands of one connection. */
export interface CscpTarget extends Where {
  greeting(): Greeting;
  /** Answers every command of a caller; rejects when it cannot work, or when the signal ended. */
  execute(operation: Operation, options: { readonly signal?: AbortSignal | undefined }): Promise<Reply>;
  /** Carries WATCH out where `extensions` are offered (cce 12.1); rejects when it cannot. */
  watch?(operation: WatchOperation, options: WatchOptions): Promise<Reply>;
}

export type WatchOperation = Extract<Operation, { readonly verb: 'WATCH' }>;

export interface WatchOptions {
  /** Ends the watch: the peer has said something, or is gone, or the server stops. The reply that is answered then ends that of WATCH. */
  readonly signal: AbortSignal;
  /** Gives lines to the peer; resolves when they have left, at the latest when a peer that does not read has lost its connection. */
  readonly tell: (lines: readonly ReplyLine[]) => Promise<void>;
}

export interface ServeOptions {
  /** Shutdown: `998 SHUTTING DOWN` is said before the next command is begun, and the running one gets the signal. */
  readonly signal?: AbortSignal | undefined;
  /** Longest line of a request, in bytes. Absent: 8 MiB. */
  readonly maxLineBytes?: number | undefined;
  /** A peer that does not read its replies loses the connection after this. Absent: 60 s. */
  readonly writeTimeoutMs?: number | undefined;
  /** Told why the target failed; of `execute` the peer hears `999 ENGINE ON FIRE`. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** How a conversation ended. `eof`: the peer went without BYE. */
export type Ending = 'bye' | 'eof' | 'refused' | 'shutdown' | 'too-long' | 'failed';

/** How long the peer may still talk after our last word, so that it can read that word before the socket goes. */
const LINGER_MS = 1000;
const READS: ReadonlySet<Verb> = new Set(['CLASSES', 'FIND', 'GET', 'HELP', 'NAMES', 'SCHEMA', 'VERSION', 'WATCH', 'WHOAMI']);
const WRITE_TIMEOUT_MS = 60_000;
/** Pipelined commands that run before others get a turn. */
const TURN = 128;

/**
 * Serves one connection until BYE, the end of the stream or the shutdown (cce 1.1 to 1.7): greets, reads lines, answers strictly in their
 * order, each command read in the state that the one before left. The stream is ended by this; the target is its owner's to dispose of.
 * Never rejects.
 */
export async function serveCscp(stream: Duplex, target: CscpTarget, options: ServeOptions = {}): Promise<Ending> {
  // A peer may end its side and still wait for the replies.
  stream.allowHalfOpen = true;
  const reader = new PieceReader(stream);
  const writeTimeoutMs = options.writeTimeoutMs ?? WRITE_TIMEOUT_MS;
  const writer = new ReplyWriter(stream, writeTimeoutMs);
  const interrupt = (): void => reader.interrupt();
  options.signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await new Conversation({ reader, writer, target, options }).run();
  } catch (error) {
    options.onError?.(error);
    return 'failed';
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
    writer.end();
    reader.discard();
    destroyLater(stream, writeTimeoutMs);
  }
}

function destroyLater(stream: Duplex, writeTimeoutMs: number): void {
  if (stream.destroyed) return;
  const destroy = (): void => void stream.destroy();
  let timer = setTimeout(destroy, writeTimeoutMs).unref();
  stream.once('finish', () => {
    clearTimeout(timer);
    timer = setTimeout(destroy, LINGER_MS).unref();
  });
  stream.once('close', () => clearTimeout(timer));
}

interface Parts {
  readonly reader: PieceReader;
  readonly writer: ReplyWriter;
  readonly target: CscpTarget;
  readonly options: ServeOptions;
}

class Conversation {
  readonly #reader: PieceReader;
  readonly #writer: ReplyWriter;
  readonly #target: CscpTarget;
  readonly #options: ServeOptions;
  #answered = 0;

  constructor({ reader, writer, target, options }: Parts) {
    this.#reader = reader;
    this.#writer = writer;
    this.#target = target;
    this.#options = options;
  }

  async run(): Promise<Ending> {
    const greeting = this.#target.greeting();
    await this.#writer.write(formatGreeting(greeting));
    if (greeting.refused !== undefined) return 'refused';
    const splitter = new LineSplitter(this.#options.maxLineBytes);
    for (;;) {
      if (this.#options.signal?.aborted) return await this.#say({ lines: [], end: 998 }, 'shutdown');
      const piece = await this.#reader.next();
      if (!piece) {
        if (this.#options.signal?.aborted) continue;
        return 'eof';
      }
      const { lines, tooLong } = splitter.push(piece);
      const ending = await this.#answerAll(lines);
      if (ending) return ending;
      if (tooLong) return await this.#say(LINE_TOO_LONG, 'too-long');
    }
  }

  async #answerAll(lines: readonly string[]): Promise<Ending | undefined> {
    for (const [index, line] of lines.entries()) {
      if (this.#options.signal?.aborted) return undefined;
      const ending = await this.#answer(line, index < lines.length - 1);
      if (ending) return ending;
      this.#answered += 1;
      if (this.#answered % TURN === 0) await nextTurn();
    }
    return undefined;
  }

  async #answer(line: string, isMore: boolean): Promise<Ending | undefined> {
    const request = parseRequest(line, this.#target);
    if (request.kind === 'blank') return undefined;
    if (this.#writer.lost && !(request.kind === 'operation' && hasEffect(request.operation))) return undefined;
    const reply = request.kind === 'refused' ? request.reply : await this.#carryOut(request.operation, isMore);
    if (!this.#writer.lost) await this.#writer.write(formatReply(reply));
    return endingOf(reply);
  }

  async #carryOut(operation: Operation, isMore: boolean): Promise<Reply> {
    const { signal, onError } = this.#options;
    try {
      if (operation.verb === 'WATCH' && this.#target.watch !== undefined) return await this.#watch(operation, isMore);
      return await this.#target.execute(operation, { signal });
    } catch (error) {
      if (signal?.aborted) return { lines: [], end: 998 };
      onError?.(error);
      return { lines: [], end: 999 };
    }
  }

  /** Whatever the peer says ends it: a line that stands behind it already, a byte of the next one, or that it goes. */
  async #watch(operation: WatchOperation, isMore: boolean): Promise<Reply> {
    const heard = new AbortController();
    const stop = (): void => heard.abort(new DOMException('the watch has ended', 'AbortError'));
    if (isMore) stop();
    else void this.#reader.ready().then(stop);
    const tell = async (lines: readonly ReplyLine[]): Promise<void> => {
      if (lines.length > 0) await this.#writer.write(lines.map((line) => `${formatReplyLine(line)}\n`).join(''));
      if (this.#writer.lost) stop();
    };
    const reply = await this.#target.watch?.(operation, { signal: heard.signal, tell });
    return this.#options.signal?.aborted || reply === undefined ? { lines: [], end: 998 } : reply;
  }

  async #say(reply: Reply, ending: Ending): Promise<Ending> {
    await this.#writer.write(formatReply(reply));
    return ending;
  }
}

/** Whether it must be carried out although nobody hears the reply: a handler may say what it has to say and go. */
function hasEffect({ verb }: Operation): boolean {
  return !READS.has(verb);
}

/** What a reply means for the connection: these are the last words of a server. */
function endingOf({ end }: Reply): Ending | undefined {
  if (end === 202) return 'bye';
  if (end === 998) return 'shutdown';
  return end === 999 ? 'failed' : undefined;
}

/** Tells a peer that all connections are taken (cce 1.1), and closes. */
export function refuseConnection(stream: Duplex, text: string): void {
  stream.on('error', () => undefined);
  stream.end(text);
  stream.resume();
  destroyLater(stream, WRITE_TIMEOUT_MS);
}
