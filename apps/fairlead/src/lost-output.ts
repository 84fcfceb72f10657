import { EXIT } from './exit-codes.ts';

/** What a shell reports of a program that SIGPIPE ended; Node.js ignores that signal. */
const ENDED_BY_PIPE = 141;

/**
 * What becomes of the program when it cannot print: a reader that has gone (`| head -1`) ends it without a word, a full disk with one.
 * A command that lasts is stopped as SIGTERM does it.
 */
export function mindOutput(): void {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.stdout.on('error', () => undefined);
    const isGone = error.code === 'EPIPE';
    if (!isGone) process.stderr.write(`Standard output cannot be written: ${error.message}\n`);
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(isGone ? ENDED_BY_PIPE : EXIT.failed);
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => undefined);
}
