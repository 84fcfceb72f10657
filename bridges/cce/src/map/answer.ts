import { END_TEXT } from '@fairlead/cscp/codec';
import { httpStatus } from './http-status.ts';
import type { Answerable } from './json.ts';
import { formatJson } from './json.ts';

/** What a command answers, before it is text. */
export interface Answer {
  readonly status: number;
  readonly message: string;
  /** Fields that are undefined are left out, and `data` itself when none is there (cce 5.4). */
  readonly data?: Readonly<Record<string, Answerable | undefined>> | undefined;
  /** The command was passed to CSCP: its message follows `message_style`, its data `data_style`. */
  readonly passed?: boolean;
  /** When it is not what cce 5.5 makes of the status. */
  readonly http?: number;
}

/** How answers look (cce 5.4, 5.5). */
export interface AnswerStyle {
  /** `seed`: GOODBYE; `code`: the text of the code. */
  readonly messageStyle: 'seed' | 'code';
  /** `code`: `data.DATA` is always there. */
  readonly dataStyle: 'seed' | 'code';
  /** A status of HTTP that says what the status of the body says. */
  readonly strictHttp: boolean;
}

/** The body and the status of HTTP. */
export function formatAnswer(answer: Answer, style: AnswerStyle): { readonly http: number; readonly body: string } {
  const { status } = answer;
  const message = answer.passed && style.messageStyle === 'code' ? textOf(status) : answer.message;
  const data = withData(answer, style);
  const isEmpty = data === undefined || Object.values(data).every((value) => value === undefined);
  return {
    http: answer.http ?? httpStatus(status, style.strictHttp),
    body: formatJson({ status, message, data: isEmpty ? undefined : data }),
  };
}

function withData({ passed, data }: Answer, { dataStyle }: AnswerStyle): Answer['data'] {
  return passed && dataStyle === 'code' ? { DATA: {}, ...data } : data;
}

function textOf(status: number): string {
  return Object.hasOwn(END_TEXT, status) ? END_TEXT[status as keyof typeof END_TEXT] : 'FAIL';
}
