import type { ProgressOutput } from './backup/progress.ts';

/** The one place where the program writes for people: everything else goes to the log. */
export interface Output {
  /** Standard output: what was asked for. */
  print(text: string): void;
  /** Standard error: what happens meanwhile. */
  tell(text: string): void;
  /** Whether standard output is a terminal: then lists are tables. */
  readonly isTerminal?: boolean;
  /** Where progress is drawn. */
  readonly progress: ProgressOutput;
}

export const terminal: Output = {
  isTerminal: process.stdout.isTTY,
  progress: {
    isTTY: process.stderr.isTTY,
    columns: process.stderr.columns ?? 120,
    write: (text) => void process.stderr.write(text),
  },
  print: (text) => void process.stdout.write(`${text}\n`),
  tell: (text) => void process.stderr.write(`${text}\n`),
};

/** A table with aligned columns; the first row is the heading. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [heading = [], ...body] = rows;
  return [line(heading), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}

/** Bytes in the unit that a person would take. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`;
}
