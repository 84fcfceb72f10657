import { type AccessEntry, parseAccessLine } from './access-entry.ts';

/** What a text of lines says. */
export interface AccessLines {
  /** By network; of two lines for the same one the first counts. */
  readonly entries: ReadonlyMap<string, AccessEntry>;
  /** Numbers of lines that are not understood or say a network again; their text is told to nobody. */
  readonly ignored: readonly number[];
}

export function readAccessText(text: string): AccessLines {
  const entries = new Map<string, AccessEntry>();
  const ignored: number[] = [];
  for (const [index, line] of linesOf(text).entries()) {
    if (isSilent(line)) continue;
    const entry = parseAccessLine(line);
    if (entry !== undefined && !entries.has(entry.network)) entries.set(entry.network, entry);
    else ignored.push(index + 1);
  }
  return { entries, ignored };
}

export interface AccessChange {
  /** Networks that must have a line. */
  readonly wanted: ReadonlySet<string>;
  /** Lines that are taken away stay as comments with this date. */
  readonly keepAs?: string | undefined;
  readonly newSecret: () => string;
}

/** The text with a line for every wanted network and for no other; comments and lines that are not understood stay where they are. */
export function changedAccessText(text: string, { wanted, keepAs, newSecret }: AccessChange): string {
  const missing = new Set(wanted);
  const kept = linesOf(text).flatMap((line) => {
    const entry = isSilent(line) ? undefined : parseAccessLine(line);
    if (entry === undefined) return [line];
    if (wanted.has(entry.network)) {
      missing.delete(entry.network);
      return [line];
    }
    return keepAs === undefined ? [] : [`# revoked ${keepAs} ${line.trim()}`];
  });
  const added = [...missing].map((network) => `${network}:${newSecret()}`);
  return [...kept, ...added].map((line) => `${line}\n`).join('');
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF+/, '').split(/\r\n|\n|\r/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function isSilent(line: string): boolean {
  return line.trim() === '' || line.trimStart().startsWith('#');
}
