import { END_TEXT, type EndCode, type Reply, type ReplyLine, ReplyParser } from '@fairlead/cscp/codec';
import { z } from 'zod';
import { CliError } from '../../cli-errors.ts';

const coded = z.array(z.object({ code: z.number(), message: z.string() })).optional();
const strings = z.array(z.string()).optional();

const ANSWER = z.object({
  status: z.number().int(),
  message: z.string().default(''),
  data: z
    .object({
      DATA: z.record(z.string(), z.string()).optional(),
      oid: z.string().optional(),
      oidlist: strings,
      namespaces: strings,
      classes: strings,
      commands: strings,
      sessionid: z.string().optional(),
      token: z.string().optional(),
      errors: coded,
      infos: coded,
      events: z.array(z.object({ txn: z.string(), class: z.string(), event: z.string() })).optional(),
      last: z.string().optional(),
    })
    .default({}),
});

/** What the JSON API answered (cce 5.4), with the names that logging in needs at hand. */
export interface JsonAnswer {
  readonly status: number;
  readonly message: string;
  readonly token: string | undefined;
  readonly sessionid: string | undefined;
  readonly data: z.infer<typeof ANSWER>['data'];
}

/** Reads a body. Throws `CLI_CCE_AWAY` for what is no answer of this API. */
export function readAnswer(httpStatus: number, body: Uint8Array): JsonAnswer {
  try {
    const { status, message, data } = ANSWER.parse(JSON.parse(Buffer.from(body).toString('utf8')));
    return { status, message, data, token: data.token, sessionid: data.sessionid };
  } catch (cause) {
    throw CliError('CLI_CCE_AWAY', { reason: `HTTP ${httpStatus} with a body that is no answer of the CCE API` }, { cause });
  }
}

/** The reply of CSCP behind an answer. Throws `CLI_CCE_DENIED` or `CLI_CCE_AWAY` for refusals of the gateway itself (cce 5.6). */
export function replyOfAnswer({ status, message, data }: JsonAnswer): Reply {
  if (status !== 201 && data.errors === undefined) throw refusalOfGateway(status, message);
  const errors = (data.errors ?? []).filter(({ code }) => !isEnd(code));
  return {
    lines: [
      ...Object.entries(data.DATA ?? {}).map(([key, value]): ReplyLine => ({ code: 102, key, value })),
      ...(data.oidlist ?? (data.oid === undefined ? [] : [data.oid])).map((oid): ReplyLine => ({ code: 104, oid })),
      ...(data.namespaces ?? []).map((namespace): ReplyLine => ({ code: 105, namespace })),
      ...(data.classes ?? []).map((name): ReplyLine => ({ code: 110, class: name })),
      ...(data.commands ?? []).map((text): ReplyLine => ({ code: 0, text })),
      ...[...errors, ...(data.infos ?? [])].flatMap(lineOf),
    ],
    end: isEnd(status) ? status : 401,
  };
}

function isEnd(code: number): code is EndCode {
  return Object.hasOwn(END_TEXT, code);
}

/** An error is still in the form of CSCP. */
function lineOf({ code, message }: { readonly code: number; readonly message: string }): readonly ReplyLine[] {
  const parser = new ReplyParser();
  parser.push(`${code} ${message}`);
  return parser.push('201 OK')?.lines ?? [];
}

function refusalOfGateway(status: number, message: string): Error {
  if (status === 401 || status === 403 || status === 429) return CliError('CLI_CCE_DENIED', { reason: message });
  return status >= 500 ? CliError('CLI_CCE_AWAY', { reason: message }) : CliError('CLI_CCE_FAILED', { reason: message });
}
