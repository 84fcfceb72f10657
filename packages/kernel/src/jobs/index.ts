export { type Job, Jobs, type JobsParts } from './jobs.ts';
export { cron, every, type Schedule } from './schedule.ts';
