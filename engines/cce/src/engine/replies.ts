import type { ReplyLine } from '@fairlead/cscp/codec';
import type { EngineReply } from '../connection.ts';

export const BAD_COMMAND: EngineReply = { lines: [], end: 402 };
export const BAD_PARAMETERS: EngineReply = { lines: [], end: 403 };

export function succeeded(lines: readonly ReplyLine[] = []): EngineReply {
  return { lines, end: 201 };
}

export function failed(lines: readonly ReplyLine[] = []): EngineReply {
  return { lines, end: 401 };
}

/** What may not be parsed as an OID is no parameter of a command (cce 1.7); 0 is none either. */
export function readOid(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const oid = Number(text);
  return oid === 0 ? undefined : oid;
}
