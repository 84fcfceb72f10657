import { expect } from 'vitest';
import { RawCscp } from './raw-cscp.ts';

/**
 * Plays a transcript of CSCP against a socket: lines after `> ` are sent, the lines after them are the whole reply. `~ text` is a regular expression for
 * one line, `...` stands for any number of lines.
 */
export async function play(path: string, transcript: string): Promise<void> {
  using peer = await RawCscp.open(path);
  await playOn(peer, transcript);
}

export async function playOn(peer: RawCscp, transcript: string): Promise<void> {
  for (const { sent, expected } of exchangesOf(transcript)) {
    const lines = await peer.ask(sent);
    expect({ sent, reply: lines }).toEqual({ sent, reply: matching(lines, expected) });
  }
}

interface Exchange {
  readonly sent: string;
  readonly expected: string[];
}

function exchangesOf(transcript: string): readonly Exchange[] {
  const exchanges: Exchange[] = [];
  for (const line of transcript.split('\n').map((one) => one.trim())) {
    if (line.startsWith('> ')) exchanges.push({ sent: line.slice(2), expected: [] });
    else if (line !== '') exchanges.at(-1)?.expected.push(line);
  }
  return exchanges;
}

/** The expected lines with every pattern that holds replaced by the line it stands for, so that a difference is shown line by line. */
function matching(lines: readonly string[], expected: readonly string[]): readonly string[] {
  const gap = expected.indexOf('...');
  if (gap >= 0) {
    const tail = expected.slice(gap + 1);
    const skipped = Math.max(gap, lines.length - tail.length);
    const head = matching(lines.slice(0, gap), expected.slice(0, gap));
    return [...head, ...lines.slice(gap, skipped), ...matching(lines.slice(skipped), tail)];
  }
  return expected.map((one, index) => {
    const line = lines[index];
    if (line === undefined || !one.startsWith('~ ')) return one;
    return new RegExp(`^${one.slice(2)}$`).test(line) ? line : one;
  });
}
