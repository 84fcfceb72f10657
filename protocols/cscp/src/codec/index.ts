export type { ByeFlag, Criterion, CscpContext, CscpState, Operation, Sort, Values, Verb } from './operation.ts';
export { END_TEXT, type EndCode, type Greeting, type Reply, type ReplyLine } from './reply.ts';
