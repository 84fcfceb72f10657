import { API_LINES } from './api-lines.ts';

/** What `listApis` tells of an API. */
export interface ApiRow {
  readonly isAsync: boolean;
  /** The release that brought it; empty where nobody says. */
  readonly since: string;
  /** Who is offered it: `a` root admin, `d` domain admin, `u` ordinary account. */
  readonly roles: string;
  /** `name:type`, `!` behind it where it is required. */
  readonly params: readonly string[];
}

/** Every API of the server, by its exact name; only some of them are simulated (`commands/`). */
export const API_TABLE: Readonly<Record<string, ApiRow>> = Object.assign(
  Object.create(null),
  Object.fromEntries(API_LINES.trim().split('\n').map(parse)),
);

function parse(line: string): readonly [name: string, row: ApiRow] {
  const [name = '', head = '', ...words] = line.split(' ');
  const [who = '', since = ''] = head.split('@');
  const params = words.map((word) => (word.includes(':') ? word : word.replace(/!?$/, ':string$&')));
  return [name, { isAsync: who.endsWith('*'), since, roles: who.replace('*', ''), params }];
}
