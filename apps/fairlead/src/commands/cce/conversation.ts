import { createInterface } from 'node:readline/promises';
import { formatReply, parseRequest, type Reply } from '@fairlead/cscp/codec';
import type { Output } from '../../output.ts';
import type { CceLink } from './link.ts';

/** Reads commands from the terminal and prints the replies as they stand on the wire, until BYE or the end of input. */
export async function converse(link: CceLink, output: Output): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: 'cce> ' });
  let state: 'CMD' | 'TXN' = 'CMD';
  lines.prompt();
  for await (const line of lines) {
    const reply = await answer(link, line, state);
    if (reply !== undefined) output.print(formatReply(reply).trimEnd());
    if (reply?.end === 202) break;
    state = nextState(state, line, reply);
    lines.prompt();
  }
  lines.close();
}

async function answer(link: CceLink, line: string, state: 'CMD' | 'TXN'): Promise<Reply | undefined> {
  const parsed = parseRequest(line, { context: 'CLIENT', state });
  if (parsed.kind === 'blank') return undefined;
  return parsed.kind === 'refused' ? parsed.reply : link.execute(parsed.operation);
}

function nextState(state: 'CMD' | 'TXN', line: string, reply: Reply | undefined): 'CMD' | 'TXN' {
  if (reply === undefined || reply.end > 401) return state;
  const verb = line.trim().toUpperCase();
  if (verb === 'BEGIN') return 'TXN';
  return verb === 'COMMIT' ? 'CMD' : state;
}
