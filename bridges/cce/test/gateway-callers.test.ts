import { DEMO_PASSWORD } from '@fairlead/engine-cce/fixtures';
import { expect, test } from 'vitest';
import { startGateway } from './support/gateway.ts';

const BAD_TOKEN = { http: 401, json: { message: 'Invalid or expired token' } };
const BANNED = { http: 429, json: { message: 'Too many authentication attempts' } };
const BROWSER = '198.51.100.1';

test('a page that was left open bans nobody, a guesser is banned', async () => {
  await using gateway = await startGateway({ keys: 'api_auth_fails = 3' });
  const { json } = await gateway.post({ cmd: 'AUTH', user: 'admin', password: DEMO_PASSWORD });
  const { sessionid } = json.data as { sessionid: string };
  const read = (session: string) => gateway.get('/v2/metrics', { from: BROWSER, headers: { 'x-user': 'admin', 'x-session': session } });

  expect(await read(sessionid)).toMatchObject({ http: 200 });
  await gateway.post({ cmd: 'ENDKEY', user: 'admin', sessionid });
  for (let look = 0; look < 5; look++) expect(await read(sessionid)).toMatchObject(BAD_TOKEN);
  for (const guess of ['a', 'b']) expect(await read(guess.repeat(63))).toMatchObject(BAD_TOKEN);
  expect(await read('c'.repeat(63))).toMatchObject(BANNED);
});
