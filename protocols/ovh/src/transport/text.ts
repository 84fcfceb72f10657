import { NetworkError, TimeoutError } from '../errors/errors.ts';
import type { WireBody } from './transport.ts';

const UTF8 = new TextDecoder();

/** The whole body as text; a character split across two pieces stays whole. */
export async function textOf(body: WireBody, signal: AbortSignal): Promise<string> {
  try {
    if (body.bytes !== undefined) return UTF8.decode(await body.bytes());
    return await streamed(body);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NetworkError || error instanceof TimeoutError) throw error;
    throw new NetworkError(`The answer broke off: ${(error as Error).message}`, true, error);
  }
}

async function streamed(body: WireBody): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}
