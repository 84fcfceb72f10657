import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One request and its answer, as it was recorded. */
export interface Recording {
  readonly name: string;
  readonly note?: string;
  readonly as?: string;
  readonly method: string;
  readonly request: Readonly<Record<string, string>>;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** All recordings of a folder, in the order of their names. */
export function readRecordings(folder: string): readonly Recording[] {
  return readdirSync(folder)
    .filter((file) => /^\d\d-.*\.json$/.test(file))
    .toSorted()
    .flatMap((file) => {
      const value = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording;
      return value.request === undefined ? [] : [{ ...value, name: file.slice(0, -'.json'.length) }];
    });
}

/** The inside of the single top key of a JSON answer. */
export function innerOf(recording: Recording): Readonly<Record<string, unknown>> {
  const [inner] = Object.values((recording.body ?? {}) as Record<string, unknown>);
  return (inner ?? {}) as Record<string, unknown>;
}
