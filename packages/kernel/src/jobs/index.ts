export { type Job, Jobs, type JobsParts } from './jobs.ts';
export { runOnce } from './run-once.ts';
export { cron, every, type Schedule } from './schedule.ts';
