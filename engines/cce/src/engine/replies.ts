import type { ReplyLine } from '@fairlead/cscp/codec';
import type { EngineReply } from '../connection.ts';
import { MAX_OID } from '../storage/migrations.ts';

export const BAD_COMMAND: EngineReply = { lines: [], end: 402 };
export const BAD_PARAMETERS: EngineReply = { lines: [], end: 403 };
/** The transaction that the command would have gone on with was discarded, since nobody did in time. */
export const TIMED_OUT: EngineReply = { lines: [{ code: 306, text: 'TRANSACTION TIMED OUT' }], end: 401 };
/** The caller has logged in as somebody else since the first write of the transaction. */
export const OTHERS_TRANSACTION: EngineReply = { lines: [{ code: 306, text: 'TRANSACTION OF ANOTHER USER' }], end: 401 };

export function succeeded(lines: readonly ReplyLine[] = []): EngineReply {
  return { lines, end: 201 };
}

export function failed(lines: readonly ReplyLine[] = []): EngineReply {
  return { lines, end: 401 };
}

/** The number of an OID; what is none, or 0, is no parameter of a command (cce 1.7). All that are too large are the same one, which nobody has. */
export function readOid(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const oid = Math.min(Number(text), MAX_OID + 1);
  return oid === 0 ? undefined : oid;
}
