import { readFile } from 'node:fs/promises';
import type { RawAnswer } from './raw-client.ts';

export interface RecordedCase {
  readonly label: string;
  readonly request: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly closed: boolean;
}

export type RecordedStep = RecordedCase | { readonly note: string };

/** Where ours is deliberately another: the clause that says so, and what is expected instead. */
export interface Difference {
  readonly clause: string;
  readonly status?: number;
  readonly closed?: boolean;
  /** The text that the answer has to begin with; absent: as recorded. */
  readonly body?: string;
}

export interface Compared {
  readonly step: RecordedCase;
  readonly answer: RawAnswer;
  readonly closed: boolean;
}

export async function loadRecording(name: 'data-api' | 'tickets'): Promise<readonly RecordedStep[]> {
  const text = await readFile(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { steps: RecordedStep[] }).steps;
}

/** Status, headers of imageio 2.2, meaning of the body, end of the connection: every disagreement as a line, none when all agree. */
export function disagreements({ step, answer, closed }: Compared, difference: Difference | undefined): string[] {
  const wrong: string[] = [];
  const say = (what: string, ours: unknown, theirs: unknown) => wrong.push(`${step.label}: ${what} is ${ours}, recorded ${theirs}`);
  const status = difference?.status ?? step.status;
  if (answer.status !== status) say('status', answer.status, status);
  if (closed !== (difference?.closed ?? step.closed)) say('closed', closed, step.closed);
  if (!answer.headers.server?.startsWith('imageio/')) say('server', answer.headers.server, 'imageio/…');
  if (!answer.headers.date) say('date', 'absent', 'present');
  const text = answer.body.toString('latin1');
  const expected = difference?.body;
  if (expected !== undefined && !text.startsWith(expected)) say('body', JSON.stringify(text.slice(0, 200)), expected);
  if (difference === undefined || difference.status === undefined) wrong.push(...headerDisagreements(step, answer, difference));
  if (expected === undefined && !sameMeaning(step, text))
    say('body', JSON.stringify(text.slice(0, 300)), JSON.stringify(step.body.slice(0, 300)));
  return wrong;
}

const COMPARED = ['content-type', 'content-range', 'allow', 'content-disposition', /^access-control-/];

function headerDisagreements(step: RecordedCase, answer: RawAnswer, difference: Difference | undefined): string[] {
  const names = new Set(
    [...Object.keys(step.headers), ...Object.keys(answer.headers)].filter((name) =>
      COMPARED.some((one) => (typeof one === 'string' ? one === name : one.test(name))),
    ),
  );
  const wrong: string[] = [];
  for (const name of names) {
    if (!sameHeader(name, answer.headers[name], step.headers[name]))
      wrong.push(`${step.label}: ${name} is ${answer.headers[name]}, recorded ${step.headers[name]}`);
  }
  const closing = difference?.closed ?? step.headers.connection === 'close';
  const ours = answer.headers.connection === 'close';
  if (ours !== closing && step.headers.connection !== undefined) wrong.push(`${step.label}: connection is ${answer.headers.connection}`);
  return wrong;
}

/** 2.4: names beyond ASCII are given once more. */
function sameHeader(name: string, ours: string | undefined, theirs: string | undefined): boolean {
  return ours === theirs || (name === 'content-disposition' && ours?.split('; filename*=')[0] === theirs);
}

function sameMeaning(step: RecordedCase, ours: string): boolean {
  if (step.headers['content-type'] !== 'application/json') return ours === step.body;
  return JSON.stringify(meaning(ours)) === JSON.stringify(meaning(step.body));
}

/** 2.3: the checksum feature may be left out; the name of the Unix socket and the times are the server's own. */
function meaning(body: string): unknown {
  const value: unknown = JSON.parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { unix_socket: _socket, expires, url: _url, features, ...others } = value as Record<string, unknown>;
  const known = Array.isArray(features) ? features.filter((one) => one !== 'checksum') : undefined;
  return Object.entries({ ...others, expires: typeof expires, features: known }).sort(([a], [b]) => (a < b ? -1 : 1));
}
