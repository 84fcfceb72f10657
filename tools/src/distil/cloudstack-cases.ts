import { innerOf, type Recording } from './cloudstack-recordings.ts';
import { namesOf, withNames } from './cloudstack-refs.ts';
import { ShapeTable, type TypeCode } from './cloudstack-shapes.ts';

/** What is kept of a recorded call. */
interface Case {
  readonly name: string;
  readonly note?: string | undefined;
  readonly as?: string | undefined;
  readonly method: string;
  readonly request: Readonly<Record<string, string>>;
  readonly status: number;
  readonly type: string;
  readonly envelope?: string | undefined;
  readonly errorcode?: number | undefined;
  readonly cserrorcode?: number | undefined;
  readonly body?: TypeCode | undefined;
  readonly pending?: TypeCode | undefined;
  readonly done?: TypeCode | undefined;
  readonly failed?: TypeCode | undefined;
  readonly joberror?: number | undefined;
  readonly cmd?: string | undefined;
}

/** One case for each recorded call, with the polls of its job. */
export function distilCases(recordings: readonly Recording[]): object {
  const names = namesOf(recordings);
  const shapes = new ShapeTable();
  const jobs = new Map(recordings.filter(isPoll).map((recording) => [recording.name, recording]));
  const calls = new Set(recordings.map(({ name }) => name));
  const cases = recordings
    .filter((recording) => !isPoll(recording) || !calls.has(callOf(recording)))
    .map((recording): Case => ({ ...caseOf(recording, names, shapes), ...jobOf(recording.name, jobs, shapes) }));
  return { shapes: shapes.list, cases };
}

function isPoll({ name }: Recording): boolean {
  return /-job-(pending|done|failed)$/.test(name);
}

/** The call that a poll asks after; of a few only the polls were kept. */
function callOf({ name }: Recording): string {
  return name.replace(/-job-(pending|done|failed)$/, '');
}

function caseOf(recording: Recording, names: ReadonlyMap<string, string>, shapes: ShapeTable): Case {
  const { name, note, as, method, request, status, body } = recording;
  // Of one call the headers were not kept.
  const unsaid = typeof body === 'object' ? 'application/json' : '';
  const type = String(recording.headers['Content-Type'] ?? unsaid).split(';')[0] ?? '';
  const json = type === 'application/json' && typeof body === 'object' && body !== null;
  const inner = json ? innerOf(recording) : {};
  return {
    name,
    note,
    as,
    method,
    request: withNames(request, names),
    status,
    type,
    envelope: json ? Object.keys(body)[0] : undefined,
    errorcode: numberOf(inner.errorcode),
    cserrorcode: numberOf(inner.cserrorcode),
    body: type === 'application/json' ? shapes.typeOf(body) : undefined,
  };
}

function jobOf(name: string, jobs: ReadonlyMap<string, Recording>, shapes: ShapeTable): Partial<Case> {
  const [pending, done, failed] = ['pending', 'done', 'failed'].map((end) => jobs.get(`${name}-job-${end}`));
  const poll = pending ?? done ?? failed;
  const result = failed === undefined ? {} : (innerOf(failed).jobresult as { errorcode?: number });
  return {
    pending: pending === undefined ? undefined : shapes.typeOf(pending.body),
    done: done === undefined ? undefined : shapes.typeOf(done.body),
    failed: failed === undefined ? undefined : shapes.typeOf(failed.body),
    joberror: result.errorcode,
    cmd: poll === undefined ? undefined : String(innerOf(poll).cmd),
  };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
