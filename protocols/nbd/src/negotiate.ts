import {
  decodeBlockSize,
  decodeExportInfo,
  decodeGreeting,
  decodeMetaContext,
  describeOptionError,
  infoType,
} from './codec/option-reader.ts';
import { encodeClientFlags, encodeGo, encodeMetaContexts } from './codec/option-writer.ts';
import type { ReplyMode } from './codec/reply-parser.ts';
import {
  ALLOCATION_DEPTH,
  BASE_ALLOCATION,
  DIRTY_BITMAP,
  GREETING_BYTES,
  MAX_PAYLOAD,
  NBD_FLAG_FIXED_NEWSTYLE,
  NBD_FLAG_NO_ZEROES,
  NBD_INFO_BLOCK_SIZE,
  NBD_INFO_EXPORT,
  NBD_OPT_EXTENDED_HEADERS,
  NBD_OPT_GO,
  NBD_OPT_LIST_META_CONTEXT,
  NBD_OPT_SET_META_CONTEXT,
  NBD_OPT_STRUCTURED_REPLY,
  NBD_REP_ERR_SHUTDOWN,
  NBD_REP_ERR_TLS_REQD,
  NBD_REP_ERR_UNKNOWN,
  NBD_REP_ERR_UNSUP,
  NBD_REP_INFO,
  NBD_REP_META_CONTEXT,
} from './codec/wire.ts';
import { NbdError } from './error.ts';
import type { OptionAnswer, OptionChannel, OptionReply } from './net/option-channel.ts';

/** What the caller wants of an export. */
interface Wishes {
  readonly exportName: string;
  readonly allocation: boolean;
  readonly depth: boolean;
  /** A bitmap's name, or true for the only one there is. */
  readonly dirtyBitmap: true | string | undefined;
}

/** What a metadata context tells about. */
export type ContextKind = 'allocation' | 'depth' | 'dirty';

/** A metadata context that block status replies will carry. */
export interface Context {
  readonly id: number;
  readonly name: string;
  readonly kind: ContextKind;
}

/** Smallest, preferred and largest request, bytes. */
export interface BlockSize {
  readonly min: number;
  readonly preferred: number;
  readonly max: number;
}

/** What the negotiation agreed on. */
export interface Agreement {
  readonly size: number;
  /** Transmission flags as on the wire. */
  readonly flags: number;
  readonly blockSize: BlockSize;
  readonly mode: ReplyMode;
  readonly contexts: readonly Context[];
}

/** The sequence of imageio 8.3, from the greeting to the first byte of transmission. Throws `NBD_HANDSHAKE` and its kin. */
export async function negotiate(channel: OptionChannel, wishes: Wishes): Promise<Agreement> {
  const offered = decodeGreeting(await channel.take(GREETING_BYTES));
  channel.send(encodeClientFlags(offered & (NBD_FLAG_FIXED_NEWSTYLE | NBD_FLAG_NO_ZEROES)));
  const mode = await negotiateMode(channel);
  const queries = await contextQueries(channel, wishes, mode);
  const contexts = queries.length === 0 ? [] : await setContexts(channel, wishes.exportName, queries);
  assertDirty(wishes, contexts);
  return { ...(await go(channel, wishes.exportName)), mode, contexts };
}

async function negotiateMode(channel: OptionChannel): Promise<ReplyMode> {
  if (await accepted(channel, NBD_OPT_EXTENDED_HEADERS)) return 'extended';
  return (await accepted(channel, NBD_OPT_STRUCTURED_REPLY)) ? 'structured' : 'simple';
}

/** True if the server took the option; a refusal is no failure unless no other option could succeed. */
async function accepted(channel: OptionChannel, option: number): Promise<boolean> {
  const { error } = await channel.ask(option);
  if (error?.type === NBD_REP_ERR_TLS_REQD || error?.type === NBD_REP_ERR_SHUTDOWN) throw refusal(error);
  return error === undefined;
}

async function contextQueries(channel: OptionChannel, wishes: Wishes, mode: ReplyMode): Promise<string[]> {
  if (mode === 'simple') {
    if (wishes.dirtyBitmap !== undefined) throw bitmapUnknown(wishes.dirtyBitmap, []);
    return [];
  }
  const queries: string[] = [];
  if (wishes.allocation) queries.push(BASE_ALLOCATION);
  if (wishes.depth) queries.push(ALLOCATION_DEPTH);
  if (wishes.dirtyBitmap !== undefined) queries.push(await findBitmap(channel, wishes.exportName, wishes.dirtyBitmap));
  return queries;
}

/** Lists the bitmaps of the export and picks the one meant. Throws `NBD_BITMAP_UNKNOWN` or `NBD_BITMAP_AMBIGUOUS`. */
async function findBitmap(channel: OptionChannel, exportName: string, wanted: true | string): Promise<string> {
  const option = NBD_OPT_LIST_META_CONTEXT;
  const answer = await channel.ask(option, encodeMetaContexts(option, exportName, [DIRTY_BITMAP]));
  const names = contextsOf(answer).map(({ name }) => name);
  if (wanted === true && names.length > 1) {
    throw new NbdError('NBD_BITMAP_AMBIGUOUS', `the export has several dirty bitmaps: ${names.join(', ')}`);
  }
  const found = wanted === true ? names[0] : names.find((name) => name === DIRTY_BITMAP + wanted);
  if (found === undefined) throw bitmapUnknown(wanted, names);
  return found;
}

async function setContexts(channel: OptionChannel, exportName: string, queries: readonly string[]): Promise<Context[]> {
  const option = NBD_OPT_SET_META_CONTEXT;
  const answer = await channel.ask(option, encodeMetaContexts(option, exportName, queries));
  const contexts = contextsOf(answer).filter(({ name }) => queries.includes(name));
  return contexts.map((context) => ({ ...context, kind: kindOf(context.name) }));
}

function contextsOf(answer: OptionAnswer): { id: number; name: string }[] {
  // A server without metadata contexts has none of ours; every other error is one.
  if (answer.error !== undefined && answer.error.type !== NBD_REP_ERR_UNSUP) throw refusal(answer.error);
  return answer.replies.filter(({ type }) => type === NBD_REP_META_CONTEXT).map(({ data }) => decodeMetaContext(data));
}

function kindOf(name: string): ContextKind {
  if (name === BASE_ALLOCATION) return 'allocation';
  return name === ALLOCATION_DEPTH ? 'depth' : 'dirty';
}

function assertDirty(wishes: Wishes, contexts: readonly Context[]): void {
  if (wishes.dirtyBitmap === undefined || contexts.some(({ kind }) => kind === 'dirty')) return;
  throw bitmapUnknown(wishes.dirtyBitmap, []);
}

async function go(channel: OptionChannel, exportName: string): Promise<Pick<Agreement, 'size' | 'flags' | 'blockSize'>> {
  const { replies, error } = await channel.ask(NBD_OPT_GO, encodeGo(exportName));
  if (error !== undefined) throw refusal(error);
  let exported: { size: number; flags: number } | undefined;
  let blockSize: BlockSize | undefined;
  for (const { type, data } of replies) {
    if (type !== NBD_REP_INFO) continue;
    const info = infoType(data);
    if (info === NBD_INFO_EXPORT) exported = decodeExportInfo(data);
    if (info === NBD_INFO_BLOCK_SIZE) blockSize = decodeBlockSize(data);
  }
  if (exported === undefined) throw new NbdError('NBD_HANDSHAKE', 'the server did not tell the size of the export');
  return { ...exported, blockSize: blockSize ?? assumedBlockSize(exported.size) };
}

/** NBD "Block size constraints": without them 512 is what raw devices take for sure, unless it would cut the end off. */
function assumedBlockSize(size: number): BlockSize {
  return { min: size % 512 === 0 ? 512 : 1, preferred: 4096, max: MAX_PAYLOAD };
}

function refusal(error: OptionReply): NbdError {
  const text = describeOptionError(error.type, error.data);
  if (error.type === NBD_REP_ERR_TLS_REQD) {
    return new NbdError('NBD_TLS_REQUIRED', `the server requires TLS, which this client does not speak (${text})`);
  }
  if (error.type === NBD_REP_ERR_UNKNOWN) return new NbdError('NBD_EXPORT_UNKNOWN', `no such export (${text})`);
  return new NbdError('NBD_HANDSHAKE', `the server refuses (${text})`);
}

function bitmapUnknown(wanted: true | string, names: readonly string[]): NbdError {
  const which = wanted === true ? 'a dirty bitmap' : `the dirty bitmap ${wanted}`;
  return new NbdError('NBD_BITMAP_UNKNOWN', `the export does not offer ${which} (it offers ${names.join(', ') || 'none'})`);
}
