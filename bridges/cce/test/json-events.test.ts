import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { asAdmin, type Body } from './support/as-admin.ts';
import { startJsonRig } from './support/json-rig.ts';
import { STANDS } from './support/stands.ts';

describe.each(STANDS)('events over $name', (stand) => {
  test('cce 17.133: a long poll tells what was committed, to whoever may read it', async () => {
    await using rig = await startJsonRig({ stand });
    const ask = await asAdmin(rig);
    await ask({ cmd: 'SET 56 description="one"' });
    await ask({ cmd: 'CREATE', class: 'mx2', data: { domain: 'a.test', mapto: 'b.test' } });
    await ask({ cmd: 'SET 56 . Disk quota="21"' });
    await ask({ cmd: 'SET 6 systemAdministrator="1" sortName="x"' });
    const names = (answer: Body) => (answer.data as { events: { event: string }[] }).events.map(({ event }) => event);
    const told = await until(async () => {
      const answer = await ask({ cmd: 'EVENTS', since: '0', timeout: 0 });
      return names(answer).includes('6..sortName') ? answer : undefined;
    });
    expect(names(told)).toEqual(expect.arrayContaining(['56..description', '37._CREATE', '56.Disk.quota', '6..sortName']));
    const { last } = told.data as { last: string };
    expect(await ask({ cmd: 'EVENTS', since: last, timeout: 0 })).toMatchObject({ data: { events: [], last } });
    const one = await ask({ cmd: 'EVENTS', since: '0', timeout: 0, oid: '56' });
    expect(names(one)).toEqual(['56..description', '56.Disk.quota']);
    const waiting = ask({ cmd: 'EVENTS', since: last, timeout: 30 });
    await ask({ cmd: 'SET 56 description="two"' });
    expect(names(await waiting)).toEqual(['56..description']);
  });
});

test('events of what the watcher may not read are not told', async () => {
  await using rig = await startJsonRig();
  const ask = await asAdmin(rig);
  await ask({ cmd: 'SET 58 uiRights="&a&" description="seen"' });
  const watcher = await rig.login('user1');
  const answer = await until(async () => {
    const { json } = await rig.call({ ...watcher, cmd: 'EVENTS', since: '0', timeout: 0 });
    return (json.data as { last: string }).last === '0' ? undefined : json;
  });
  const { events } = answer.data as { events: Body[] };
  const told = { id: expect.any(String), txn: expect.any(String), oid: '58', class: 'User', event: '58..description', type: 'modify' };
  expect(events).toEqual([told]);
});

test('a stream of events goes on where the reader left it', async () => {
  await using rig = await startJsonRig();
  const ask = await asAdmin(rig);
  await ask({ cmd: 'SET 56 description="one"' });
  await until(async () => ((await ask({ cmd: 'EVENTS', since: '0', timeout: 0 })).data as { last: string }).last === '1');
  await rig.app.listen({ host: '127.0.0.1', port: 0 });
  const address = rig.app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const leave = new AbortController();
  const who = await rig.login();
  const stream = await fetch(`http://127.0.0.1:${port}/v2/events?class=User`, {
    headers: { 'x-user': who.user, 'x-session': who.sessionid, 'last-event-id': '0' },
    signal: leave.signal,
  });
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  const readTo = async (what: string): Promise<string> => {
    let text = '';
    while (!text.includes(what)) {
      const part = await reader?.read();
      if (part?.done !== false) throw new Error(`ended after ${text}`);
      text += part.value;
    }
    return text;
  };
  expect(await readTo('56..description')).toContain('id: 1\ndata: {"id":"1",');
  await ask({ cmd: 'SET 58 . Disk quota="33"' });
  expect(await readTo('58.Disk.quota')).toContain('id: 2\n');
  await ask({ cmd: 'ENDKEY' });
  leave.abort();
});

test('a stream of events ends when its token does', async () => {
  await using rig = await startJsonRig();
  const ask = await asAdmin(rig);
  const { token } = (await rig.call({ cmd: 'LOGIN' }, { remote: '198.51.100.7' })).json.data as { token: string };
  await rig.app.listen({ host: '127.0.0.1', port: 0 });
  const address = rig.app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const headers = { 'x-test-remote': '198.51.100.7', 'x-token': token };
  const stream = await fetch(`http://127.0.0.1:${port}/v2/events`, { headers });
  await rig.gatekeeper.revokeToken(token);
  await ask({ cmd: 'SET 56 description="unseen"' });
  expect(await stream.text()).not.toContain('56..description');
  expect((await fetch(`http://127.0.0.1:${port}/v2/events`, { headers })).status).toBe(401);
});

test('whoever waits with a token that ends meanwhile is told nothing', async () => {
  await using rig = await startJsonRig();
  const ask = await asAdmin(rig);
  const remote = '198.51.100.7';
  const { token } = (await rig.call({ cmd: 'LOGIN' }, { remote })).json.data as { token: string };
  const waiting = rig.call({ cmd: 'EVENTS', timeout: 30, since: '0', token }, { remote });
  await until(() => rig.events.watchers === 1);
  await rig.gatekeeper.revokeToken(token);
  await ask({ cmd: 'SET 56 description="unseen"' });
  expect((await waiting).json).toEqual({ status: 401, message: 'Invalid or expired token' });
});
