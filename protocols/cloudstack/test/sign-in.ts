import { type Raw, read } from './raw.ts';
import type { Cloud } from './support.ts';

/** A login, and calls with its parts. */
export interface SignedIn {
  readonly response: Response;
  readonly id: string;
  readonly key: string;
  /** With all three parts, or with others in their place; undefined leaves one out. */
  call(command: string, parts?: Partial<Parts>): Promise<Raw>;
}

interface Parts {
  readonly id: string | undefined;
  readonly cookie: string | undefined;
  readonly param: string | undefined;
}

export function logIn(cloud: Cloud, params: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(cloud.fake.url, { method: 'POST', body: new URLSearchParams({ command: 'login', response: 'json', ...params }) });
}

/** Logs a user of the fake in. */
export async function signIn(cloud: Cloud, username: string): Promise<SignedIn> {
  const { password, domain } = cloud.fake.user(username);
  const response = await logIn(cloud, { username, password, domain });
  const { loginresponse } = (await response.json()) as { loginresponse: { sessionkey: string } };
  const id = /JSESSIONID=([^;]+)/.exec(response.headers.getSetCookie().join('\n'))?.[1] ?? '';
  const key = loginresponse.sessionkey;
  return {
    response,
    id,
    key,
    async call(command, parts = {}) {
      const all: Parts = { id, cookie: key, param: key, ...parts };
      const query = new URLSearchParams({ command, response: 'json', ...(all.param === undefined ? {} : { sessionkey: all.param }) });
      const cookies = [
        ...(all.id === undefined ? [] : [`JSESSIONID=${all.id}`]),
        ...(all.cookie === undefined ? [] : [`sessionkey=${all.cookie}`]),
      ];
      return read(await fetch(`${cloud.fake.url}?${query}`, { headers: { cookie: cookies.join('; ') } }));
    },
  };
}
