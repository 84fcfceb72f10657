export { CscpError, type CscpErrorCode, type NamePart } from '../error.ts';
export { COMMANDS, type Command, helpLines, isExtension, isLegal, type Where } from './commands.ts';
export { escapeValue, plainText, quoteValue, unescapeTable, unescapeValue } from './escape.ts';
export { CONNECTIONS_EXHAUSTED, formatGreeting, formatReply, formatReplyLine } from './format-reply.ts';
export { canonicalText, formatRequest } from './format-request.ts';
export { LineSplitter, type SplitLines } from './line-splitter.ts';
export { canonicalOid, isDigits, isName, isQualifiedName, isSecretKey, isSortType } from './names.ts';
export type {
  ByeFlag,
  Criterion,
  CscpContext,
  CscpState,
  ExtensionOperation,
  ExtensionVerb,
  Operation,
  Sort,
  Values,
  Verb,
  WatchFilter,
} from './operation.ts';
export { packArray, unpackArray } from './packed-array.ts';
export { LINE_TOO_LONG, type ParsedRequest, parseRequest } from './parse-request.ts';
export { END_TEXT, type EndCode, type Greeting, type Reply, type ReplyLine } from './reply.ts';
export { GreetingParser, ReplyParser } from './reply-parser.ts';
export { bytesFromText, normalizeText, textFromBytes } from './text.ts';
export { isWatched, readWatchFilter, type WatchableEvent, watchFilterText } from './watch-filters.ts';
