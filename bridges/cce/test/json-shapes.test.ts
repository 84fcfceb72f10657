import { describe, expect, test } from 'vitest';
import { startJsonRig } from './support/json-rig.ts';
import { STANDS } from './support/stands.ts';

const FAIL = { code: 401, message: 'FAIL' };

describe.each(STANDS)('answers over $name', (stand) => {
  test('cce 17.93: data is left out when it is empty, and empty lists and maps stand where clients look for them', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    expect((await rig.call({ ...who, cmd: 'FIND Vsite name = "none"' })).text).toBe('{"status":201,"message":"GOODBYE"}');
    expect((await rig.call({ ...who, cmd: 'FINDX', class: 'Vsite', args: { name: 'none' } })).text).toBe(
      '{"status":201,"message":"OK","data":{"oidlist":[]}}',
    );
    expect((await rig.call({ ...who, cmd: 'GETALL', oids: [] })).text).toBe('{"status":201,"message":"OK","data":{"objects":{}}}');
  });

  test('cce 17.94: the written out form answers as the structured one', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const same: readonly (readonly [object, object])[] = [
      [{ cmd: 'get 6' }, { cmd: 'GET', oid: 6 }],
      [{ cmd: 'GET 6.Disk' }, { cmd: 'GET', oid: '6', namespace: 'Disk' }],
      [
        { cmd: 'FIND User site="site1" SORT name' },
        { cmd: 'FIND', class: 'User', args: { site: 'site1' }, sorttype: 'ascii', sortprop: 'name' },
      ],
      [{ cmd: 'FINDX User name ~ "^site"' }, { cmd: 'FINDX', class: 'User', regex_args: { name: '^site' } }],
      [{ cmd: 'GETOBJECT Vsite name="site1"' }, { cmd: 'GETOBJECT', class: 'Vsite', args: { name: 'site1' } }],
      [{ cmd: 'GETALL 56 58' }, { cmd: 'GETALL', oids: [56, '58'] }],
      [{ cmd: 'GETALL User site="site1"' }, { cmd: 'GETALL', class: 'User', vars: { site: 'site1' } }],
      [{ cmd: 'NAMES 6' }, { cmd: 'names', oid: '6' }],
      [{ cmd: 'CREATE mx2 mapto="a.test"' }, { cmd: 'CREATE', class: 'mx2', args: { mapto: 'a.test' } }],
      [{ cmd: 'SET 56 enabled="7"' }, { cmd: 'SET', oid: '56', args: { enabled: 7 } }],
      [{ cmd: 'DESTROY 9999' }, { cmd: 'DESTROY', oid: 9999 }],
      [{ cmd: 'WHOAMI' }, { cmd: ' whoami ' }],
    ];
    for (const [raw, structured] of same) {
      const [one, two] = [await rig.call({ ...who, ...raw }), await rig.call({ ...who, ...structured })];
      expect(one.http, JSON.stringify(raw)).toBe(two.http);
      const oidless = (text: string) => text.replaceAll(/"(oid|oidlist)":(\["\d+"\]|"\d+")/g, '"$1"');
      expect(oidless(one.text), JSON.stringify(raw)).toBe(oidless(two.text));
    }
  });

  test('cce 17.95: CREATE tells the new object twice, and none when it fails', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const made = await rig.call({ ...who, cmd: 'CREATE', class: 'mx2', data: { domain: 'a.test', mapto: 'b.test' } });
    expect(made.json).toMatchObject({ status: 201, data: { oid: '37', oidlist: ['37'] } });
    const bad = await rig.call({ ...who, cmd: 'CREATE', class: 'mx2', data: { domain: '-' } });
    expect(Object.keys(bad.json.data as object)).toEqual(['errors']);
  });

  test('cce 17.96: values come back as they were given, in both forms', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const value = '"quoted" \\ back\nline\ttab é € 😀 \u0007 &a& %41 $x';
    expect((await rig.call({ ...who, cmd: 'SET', oid: '56', data: { description: value } })).json.status).toBe(201);
    const read = async () => ((await rig.call({ ...who, cmd: 'GET 56' })).json.data as { DATA: Record<string, string> }).DATA.description;
    expect(await read()).toBe(value);
    const written = '"both ends"'.replaceAll('"', '\\"');
    expect((await rig.call({ ...who, cmd: `SET 56 description="${written}\nü"` })).json.status).toBe(201);
    expect(await read()).toBe('"both ends"\nü');
  });

  test('cce 17.97: numbers, truth, null, lists and PHP-like empty lists are accepted', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const set = await rig.call({
      ...who,
      cmd: 'SET',
      oid: 56,
      args: [],
      data: { enabled: true, gui_theme_timer: 15, description: null, uiRights: ['a b', 'c&d'], sortName: 1.5 },
    });
    expect(set.text).toBe('{"status":201,"message":"GOODBYE"}');
    const { json } = await rig.call({ ...who, cmd: 'GET', oid: 56 });
    expect(json).toMatchObject({ data: { DATA: { enabled: '1', gui_theme_timer: '15', uiRights: '&a+b&c%26d&', sortName: '1.5' } } });
    const wrong = await rig.call({ ...who, cmd: 'SET', oid: 56, data: { description: { a: 1 } } });
    expect(wrong.json).toEqual({ status: 400, message: "Invalid value for 'description'" });
  });

  test('cce 17.98: what is written out wins over the fields beside it', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const { json } = await rig.call({ ...who, cmd: 'GET 6 . Disk', oid: '34', namespace: 'Email', args: { a: 'b' } });
    expect(json).toMatchObject({ data: { DATA: { NAMESPACE: 'Disk' } } });
  });

  test('cce 17.103: an order by no property of the class is none, and an expression that cannot be read is told', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const find = (more: object) => rig.call({ ...who, cmd: 'FINDX', class: 'User', args: { site: 'site1' }, ...more });
    expect((await find({ sorttype: 'ascii', sortprop: 'nosuch' })).json.data).toEqual({ oidlist: ['56', '58'] });
    expect((await find({ sorttype: 'ascii', sortprop: 'name', sortorder: 'desc' })).json.data).toEqual({ oidlist: ['56', '58'] });
    expect((await find({ sorttype: 'asc', sortprop: 'name' })).json.data).toEqual({ oidlist: ['58', '56'] });
    expect((await find({ sorttype: 'nosuch', sortprop: 'name' })).json).toMatchObject({ status: 403 });
    expect((await find({ sorttype: 'nosuch' })).json.status).toBe(201);
    const bad = await find({ regex_args: { name: '(' } });
    expect(bad.json).toEqual({
      status: 401,
      message: 'GOODBYE',
      data: { errors: [{ code: 308, message: expect.stringMatching(/^BAD REGEX /) }, FAIL] },
    });
    expect((await find({ regex_args: { 'Disk.quota': '^2' } })).json.data).toEqual({ oidlist: ['56', '58'] });
  });

  test('cce 17.104: GETALL keeps the wanted order, leaves out what is not there and answers bad credentials as documented', async () => {
    await using rig = await startJsonRig({ stand });
    const who = await rig.login();
    const listed = await rig.call({ ...who, cmd: 'GETALL', oids: ['58', '999', '56'], props: 'name' });
    expect(listed.text).toBe(
      '{"status":201,"message":"OK","data":{"objects":{"58":{"OBJECT":{"name":"siteadmin1"}},"56":{"OBJECT":{"name":"user1"}}}}}',
    );
    const sorted = await rig.call({
      ...who,
      cmd: 'GETALL',
      class: 'User',
      args: { site: 'site1' },
      sorttype: 'ascii',
      sortprop: 'name',
      props: 'name',
    });
    expect(sorted.text).toContain('"oidlist":["58","56"]');
    const page = await rig.call({ ...who, cmd: 'GETALL', class: 'User', limit: 1, offset: 1, count: true, props: ['name'] });
    expect(page.json.data).toEqual({ objects: { 56: { OBJECT: { name: 'user1' } } }, count: 4 });
    const whole = await rig.call({ ...who, cmd: 'GETALL', oids: ['56'] });
    const names = Object.keys((whole.json.data as { objects: Record<string, object> }).objects['56'] ?? {});
    expect(names).toEqual(['OBJECT', 'Shell', 'Email', 'subdomains', 'Radicale', 'Disk', 'SSH', 'Sites', 'RootAccess', 'ImapSync']);
    expect((await rig.call({ ...who, cmd: 'GETALL', class: 'Foo' })).json).toMatchObject({ status: 401 });
  });
});

test('cce 17.100: the status of HTTP follows that of the body', async () => {
  await using rig = await startJsonRig();
  const who = await rig.login();
  const cases: readonly (readonly [object, number, number])[] = [
    [{ cmd: 'PING' }, 202, 202],
    [{ ...who, cmd: 'GET 6' }, 201, 200],
    [{ ...who, cmd: 'GET 9999' }, 401, 401],
    [{ ...who, cmd: 'NOSUCH' }, 402, 400],
    [{ ...who, cmd: 'GET' }, 403, 400],
    [{ ...who, cmd: 'GETOBJECT', class: 'Vsite', args: { name: 'x' } }, 404, 200],
    [{ ...who, cmd: 'BEGIN' }, 201, 200],
    [{ ...who, cmd: 'DESTROY 9999' }, 100, 200],
    [{ ...who, cmd: 'COMMIT' }, 409, 200],
  ];
  for (const [body, status, http] of cases) {
    const reply = await rig.call(body);
    expect([reply.json.status, reply.http], JSON.stringify(body)).toEqual([status, http]);
  }
  await using strict = await startJsonRig({ settings: { strictHttp: true } });
  expect((await strict.call({ cmd: 'PING' })).http).toBe(200);
  expect((await strict.call({ cmd: 'GETOBJECT', class: 'Vsite', args: { name: 'x' } })).http).toBe(404);
});

test('answers in the style of newer programs bear the text of the code and always DATA', async () => {
  await using rig = await startJsonRig({ settings: { messageStyle: 'code', dataStyle: 'code' } });
  const who = await rig.login();
  expect((await rig.call({ ...who, cmd: 'FIND Vsite name="x"' })).text).toBe('{"status":201,"message":"OK","data":{"DATA":{}}}');
  expect((await rig.call({ ...who, cmd: 'GET 9999' })).json).toMatchObject({ message: 'FAIL', data: { DATA: {} } });
  expect((await rig.call({ cmd: 'PING' })).json).toEqual({ status: 202, message: 'PONG' });
});

test('cce 17.101: what a handler warns of stands in the errors of a success, what it tells in the infos', async () => {
  await using rig = await startJsonRig({
    bindings: [{ file: 'test.conf', text: 'User.description native:talkative\n' }],
    handlers: {
      talkative: async (call) => {
        await call.connection.execute({ verb: 'WARN', message: 'mind "this"' });
        await call.connection.execute({ verb: 'INFO', message: 'done' });
        return 'SUCCESS';
      },
    },
  });
  const who = await rig.login();
  const reply = await rig.call({ ...who, cmd: 'SET 56 description="x"' });
  expect(reply.http).toBe(200);
  expect(reply.json).toEqual({
    status: 201,
    message: 'GOODBYE',
    data: { errors: [{ code: 305, message: String.raw`WARN "mind \"this\""` }], infos: [{ code: 106, message: 'INFO "done"' }] },
  });
});
