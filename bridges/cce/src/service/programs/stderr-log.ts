import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { EngineLog } from '@fairlead/engine-cce';

const LINE_LIMIT = 2000;
const TOTAL_LIMIT = 64 * 1024;

/** Writes what a program says on its standard error to the log, line by line; of a program that says very much only the beginning. */
export function logStderr(stderr: Readable, program: string, log: EngineLog): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let total = 0;
  const say = (line: string) => {
    if (line.trim() !== '') log.info({ program, stderr: line.slice(0, LINE_LIMIT) }, 'a program of the configuration engine says');
  };
  stderr.on('error', () => undefined);
  stderr.on('data', (chunk: Buffer) => {
    if (total >= TOTAL_LIMIT) return;
    total += chunk.length;
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(0, LINE_LIMIT);
    for (const line of lines) say(line);
    if (total >= TOTAL_LIMIT) log.warn({ program }, 'a program says very much; the rest is not kept');
  });
  stderr.once('close', () => say(rest));
}
