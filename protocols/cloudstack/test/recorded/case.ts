import { readFileSync } from 'node:fs';

/** `s` text, `n` number, `b` boolean, `z` null, `m` a map with free keys, `#3` an object shape; a list of one: a list of these, `?` behind it: some were empty. */
export type TypeCode = string | readonly TypeCode[];

/** A recorded call, distilled (tools/src/distil/cloudstack.ts). */
export interface RecordedCase {
  readonly name: string;
  readonly note?: string;
  readonly as?: string;
  readonly method: string;
  readonly request: Readonly<Record<string, string>>;
  readonly status: number;
  readonly type: string;
  readonly envelope?: string;
  readonly errorcode?: number;
  readonly cserrorcode?: number;
  readonly body?: TypeCode;
  readonly pending?: TypeCode;
  readonly done?: TypeCode;
  readonly failed?: TypeCode;
  readonly joberror?: number;
  /** The class that the job names. */
  readonly cmd?: string;
}

/** Everything that was distilled. */
export interface Recorded {
  readonly shapes: ReadonlyArray<Readonly<Record<string, TypeCode>>>;
  readonly cases: readonly RecordedCase[];
}

export function readRecorded(): Recorded {
  return JSON.parse(readFileSync(new URL('../fixtures/cases.json', import.meta.url), 'utf8')) as Recorded;
}

/** Recorded calls that are not compared with the fake, each with the reason. */
export function readNotCompared(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(new URL('../fixtures/not-compared.json', import.meta.url), 'utf8')) as Record<string, string>;
}
