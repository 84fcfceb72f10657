import type { Outgoing } from './send.ts';
import type { World } from './world.ts';

/** A login session, whose parts can be sent one by one. */
interface SessionParts {
  /** Puts `jsessionid`, `cookie`, `param`, `wrong` (parameter) or `unknown` (cookie) into a request. */
  apply(out: Outgoing, parts: string): void;
  /** Makes a call with such parts, or `logout`, or lets the session grow old: `wait`. */
  call(parts: string): Promise<void>;
}

/** Logs in. */
export async function openSession(world: World, username: string): Promise<SessionParts> {
  const { password, domain } = world.fake.user(username);
  const body = new URLSearchParams({ command: 'login', response: 'json', username, password, domain });
  const response = await fetch(world.fake.url, { method: 'POST', body });
  const { loginresponse } = (await response.json()) as { loginresponse: { sessionkey: string } };
  const id = /JSESSIONID=([^;]+)/.exec(response.headers.getSetCookie().join('\n'))?.[1] ?? '';
  const key = loginresponse.sessionkey;

  function cookieOf(parts: string): string {
    const jsession = parts.includes('jsessionid') ? [`JSESSIONID=${id}`] : [];
    const unknown = parts.includes('unknown') ? ['JSESSIONID=node0unknown'] : [];
    return [...jsession, ...unknown, ...(parts.includes('cookie') ? [`sessionkey=${key}`] : [])].join('; ');
  }

  function keyOf(parts: string): string | undefined {
    if (parts.includes('wrong')) return 'wrong';
    return parts.includes('param') ? key : undefined;
  }

  return {
    apply(out, parts) {
      const cookie = cookieOf(parts);
      if (cookie !== '') out.headers.cookie = cookie;
      const given = keyOf(parts);
      const others = out.params.filter(([name]) => name !== 'sessionkey');
      out.params = given === undefined ? others : [...others, ['sessionkey', given]];
    },
    async call(parts) {
      if (parts === 'wait') {
        world.fake.clock.advance(1_801_000);
        return;
      }
      const logout = parts === 'logout';
      const all = logout ? 'jsessionid cookie param' : parts;
      const given = keyOf(all);
      const query = new URLSearchParams({
        command: logout ? 'logout' : 'listZones',
        response: 'json',
        ...(given === undefined ? {} : { sessionkey: given }),
      });
      await fetch(`${world.fake.url}?${query}`, { headers: { cookie: cookieOf(all) } });
    },
  };
}
