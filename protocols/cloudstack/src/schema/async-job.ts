import { isRecord } from '../answer.ts';
import { anything, number, required, shape, text } from './shape.ts';

/** A job. `jobstatus`: 0 pending, 1 done, 2 failed. The instance fields are missing from some jobs: find nothing by them. */
export const readAsyncJob = shape('asyncjob', {
  jobid: required(text),
  jobstatus: required(number),
  jobprocstatus: number,
  jobresultcode: number,
  jobresulttype: text,
  jobresult: anything,
  cmd: text,
  accountid: text,
  account: text,
  domainid: text,
  userid: text,
  jobinstancetype: text,
  jobinstanceid: text,
  created: text,
  completed: text,
});
/** A job. `jobstatus`: 0 pending, 1 done, 2 failed. The instance fields are missing from some jobs: find nothing by them. */
export type AsyncJob = ReturnType<typeof readAsyncJob>;

const readStart = shape('job', { jobid: required(text), id: text });

/** The immediate answer of an asynchronous command; undefined for a synchronous one. */
export function readJobStart(value: unknown): ReturnType<typeof readStart> | undefined {
  return isRecord(value) && value.jobid !== undefined ? readStart(value) : undefined;
}
