import { exactJson } from './exact-json.ts';

/** What goes back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: exactJson(body) };
}

export const NO_CONTENT: Answer = { status: 204, headers: {}, body: '' };

/** What a front end answers in place of a service. */
export function pageAnswer(status: number, type = 'text/html; charset=utf-8'): Answer {
  const body = `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr></body></html>\n`;
  return { status, headers: { 'content-type': type }, body };
}
