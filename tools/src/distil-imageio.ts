import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One recorded request and its answer. Texts are Latin-1, one character a byte. */
interface RecordedCase {
  readonly label: string;
  readonly request: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly closed: boolean;
}

/** A line of the recorder about something that is no single request. */
interface RecordedNote {
  readonly note: string;
}

type RecordedStep = RecordedCase | RecordedNote;

const SOURCE = 'ovirt-imageio 2.5.3, recorded 2026-11-21 by raw sockets; distilled by tools/src/distil-imageio.ts';

/** Reads the recordings of the real daemon and writes them as compact JSON: `distil-imageio <folder of recordings> <folder of fixtures>`. */
async function main([from, to]: readonly string[]): Promise<void> {
  if (!from || !to) throw new TypeError('usage: distil-imageio <folder of recordings> <folder of fixtures>');
  await mkdir(to, { recursive: true });
  for (const name of ['data-api', 'tickets']) {
    const steps = parseRecording(await readFile(join(from, `${name}.txt`), 'utf8'));
    const lines = steps.map((step) => `    ${JSON.stringify(step)}`);
    await writeFile(join(to, `${name}.json`), `{\n  "_source": ${JSON.stringify(SOURCE)},\n  "steps": [\n${lines.join(',\n')}\n  ]\n}\n`);
    process.stdout.write(`${name}: ${steps.length} steps\n`);
  }
}

/** Takes a recording apart, in order. */
function parseRecording(text: string): RecordedStep[] {
  const steps: RecordedStep[] = [];
  const blocks = text.split(/^(?=### )/m);
  for (const block of blocks) {
    const end = /^--- closed=(True|False)$/m.exec(block);
    if (block.startsWith('### ') && end) steps.push(parseCase(block.slice(0, end.index), end[1] === 'True'));
    const rest = end ? block.slice(end.index + end[0].length) : block;
    for (const note of rest.split('\n').filter((line) => line.trim() !== '')) steps.push({ note });
  }
  return steps;
}

function parseCase(block: string, closed: boolean): RecordedCase {
  const lines = block.trimEnd().split('\n');
  const label = (lines[0] ?? '').slice('### '.length);
  const sent = lines.filter((line) => line.startsWith('>>>')).map((line) => line.slice('>>> '.length));
  const got = lines.filter((line) => line.startsWith('<<< ')).map((line) => line.slice('<<< '.length));
  const body = got.find((line) => line.startsWith('[body ')) ?? '';
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(got[0] ?? '')?.[1] ?? 400);
  return { label, request: requestText(sent), status, headers: headersOf(got), body: bodyText(body), closed };
}

/** Head lines end with CR LF and an empty line; the body follows as it is, chunks with their own line ends. */
function requestText(lines: readonly string[]): string {
  const empty = lines.indexOf('');
  const head = empty < 0 ? lines : lines.slice(0, empty);
  const body = empty < 0 ? [] : lines.slice(empty + 1);
  const chunked = head.some((line) => /^transfer-encoding: chunked$/i.test(line));
  return `${head.join('\r\n')}\r\n\r\n${body.join('\r\n').trimEnd()}${chunked ? '\r\n\r\n' : ''}`;
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const pairs = lines.slice(1).flatMap((line) => {
    const match = /^([A-Za-z-]+): (.*)$/.exec(line);
    return match?.[1] && !['date', 'server'].includes(match[1].toLowerCase()) ? [[match[1].toLowerCase(), match[2] ?? ''] as const] : [];
  });
  return Object.fromEntries(pairs);
}

/** The body stands as a Python literal of bytes. What came after the announced length is marked and left out. */
function bodyText(line: string): string {
  const literal = /^\[body \d+\] b(['"])(.*)\1$/s.exec(line)?.[2] ?? '';
  const unescaped = literal.replace(/\\(x[0-9a-f]{2}|.)/g, (_whole, code: string) => characterOf(code));
  return unescaped.split('<EXTRA>')[0] ?? '';
}

function characterOf(code: string): string {
  if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return { n: '\n', r: '\r', t: '\t' }[code] ?? code;
}

await main(process.argv.slice(2));
