import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_PASSWORD } from '@fairlead/engine-cce/fixtures';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { testAuthority } from '@fairlead/testkit/certs';
import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { tempDir } from '@fairlead/testkit/temp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REMOTE, startGateway, type TestGateway } from '../support/gateway.ts';
import { RawCscp } from '../support/raw-cscp.ts';

const SECRET = 'the-client-secret-of-both-gateways';
const FROM_AFAR = { from: REMOTE, secret: SECRET };
const OK = { http: 200, json: { status: 201 } };
const BAD_TOKEN = { http: 401, json: { message: 'Invalid or expired token' } };

describe.skipIf(lacksPostgres())('two gateways on one PostgreSQL', () => {
  const scope = new AsyncScope();
  let one: TestGateway;
  let other: TestGateway;
  const sockets: string[] = [];

  beforeAll(async () => {
    const { url } = scope.use(await freshDatabase());
    const authority = scope.use(await testAuthority());
    const start = async () => {
      const stateDir = scope.use(await tempDir('tg-')).path;
      const socket = join(stateDir, 'admin/cced.socket');
      sockets.push(socket);
      await mkdir(join(stateDir, 'cce'));
      await mkdir(join(stateDir, 'admin'), { mode: 0o700 });
      await writeFile(join(stateDir, 'cce/access'), `${REMOTE}:${SECRET}\n`, { mode: 0o600 });
      return scope.use(await startGateway({ stateDir, authority, storeUrl: url, keys: `api_auth_fails = 4\nadmin_socket = ${socket}` }));
    };
    // At once, as after a power failure: one of them brings the empty store up and installs the first objects.
    [one, other] = await Promise.all([start(), start()]);
  });
  afterAll(() => scope[Symbol.asyncDispose]());

  async function token(gateway: TestGateway): Promise<string> {
    const { json } = await gateway.post({ cmd: 'LOGIN' }, FROM_AFAR);
    return String((json.data as { token?: string } | undefined)?.token);
  }

  async function session(gateway: TestGateway): Promise<{ user: string; sessionid: string }> {
    const { json } = await gateway.post({ cmd: 'AUTH', user: 'admin', password: DEMO_PASSWORD });
    return { user: 'admin', sessionid: String((json.data as { sessionid?: string } | undefined)?.sessionid) };
  }

  const peers = () => Promise.all(sockets.map((socket) => RawCscp.open(socket)));

  test('a token of one is good at the other, and BYE or ENDKEY at one ends it at both', async () => {
    for (const cmd of ['BYE', 'ENDKEY']) {
      const mine = await token(one);
      for (const gateway of [one, other, one]) {
        expect(await gateway.post({ cmd: 'WHOAMI', token: mine }, FROM_AFAR)).toMatchObject({ json: { data: { oid: '60' } } });
      }
      expect(await other.post({ cmd, token: mine }, FROM_AFAR)).toMatchObject(OK);
      for (const gateway of [one, other]) expect(await gateway.post({ cmd: 'WHOAMI', token: mine }, FROM_AFAR)).toMatchObject(BAD_TOKEN);
      // The counter is not the matter of this test.
      await token(one);
    }
  });

  test('a session of one is good at the other, and ends at both', async () => {
    const who = await session(one);
    expect(await other.post({ ...who, cmd: 'WHOAMI' })).toMatchObject({ json: { data: { oid: '6' } } });
    expect(await other.post({ ...who, cmd: 'ENDKEY' })).toMatchObject(OK);
    for (const gateway of [one, other]) expect(await gateway.post({ ...who, cmd: 'GET 6' })).toMatchObject({ http: 401 });
  });

  test('a queue is filled at both and committed at either, once', async () => {
    const who = await session(one);
    expect(await one.post({ ...who, cmd: 'BEGIN' })).toMatchObject(OK);
    for (const [index, gateway] of [one, other, one, other].entries()) {
      const queued = await gateway.post({ ...who, cmd: `SET 56 description="step ${index}"` });
      expect(queued).toMatchObject({ json: { status: 100, message: 'QUEUED' } });
    }
    const commits = await Promise.all([one, other].map((gateway) => gateway.post({ ...who, cmd: 'COMMIT' })));
    expect(commits.map(({ http }) => http).toSorted()).toEqual([200, 400]);
    const [done, late] = commits.toSorted((a, b) => a.http - b.http);
    expect(done?.json).toMatchObject({
      message: 'COMMIT successful',
      data: { results: [{ index: 0 }, { index: 1 }, { index: 2 }, { index: 3 }] },
    });
    expect(late?.json).toEqual({ status: 400, message: 'No active transaction' });
    for (const gateway of [one, other]) {
      expect(await gateway.post({ ...who, cmd: 'GET 56' })).toMatchObject({ json: { data: { DATA: { description: 'step 3' } } } });
    }
  });

  test('cce 17.91: of two transactions that change one object the second conflicts, whole, and another object does not', async () => {
    const [first, second] = await peers();
    using _first = first as RawCscp;
    using _second = second as RawCscp;
    const both = [first as RawCscp, second as RawCscp];
    for (const [index, peer] of both.entries()) {
      await peer.ask('BEGIN');
      expect(await peer.ask(`SET 58 description="of ${index}"`)).toEqual(['201 OK']);
      expect(await peer.ask(`SET 34 . Disk quota="${index + 70}"`)).toEqual(['201 OK']);
    }
    expect(await second?.ask('COMMIT')).toEqual(['201 OK']);
    expect(await first?.ask('COMMIT')).toEqual([expect.stringMatching(/^306 ERROR CONFLICT (34|58)$/), '401 FAIL']);
    for (const peer of both) {
      expect(await peer.ask('GET 58')).toContain('102 DATA description = "of 1"');
      expect(await peer.ask('GET 34.Disk')).toContain('102 DATA quota = "71"');
    }
    for (const [index, peer] of both.entries()) {
      await peer.ask('BEGIN');
      expect(await peer.ask(`SET ${index === 0 ? 56 : 58} description="apart"`)).toEqual(['201 OK']);
    }
    for (const peer of both) expect(await peer.ask('COMMIT')).toEqual(['201 OK']);
  });

  test('many who create at both at once get an OID each', async () => {
    const who = await session(other);
    const made = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const target = `10.20.30.${index}`;
        const data = { target, netmask: '255.255.255.255' };
        const { json } = await (index % 2 === 0 ? one : other).post({ ...who, cmd: 'CREATE', class: 'Route', data });
        return [(json.data as { oid?: string } | undefined)?.oid ?? JSON.stringify(json), target] as const;
      }),
    );
    expect(new Set(made.map(([oid]) => oid)).size).toBe(made.length);
    const { json } = await one.post({ ...who, cmd: 'GETALL', oids: made.map(([oid]) => oid) });
    const objects = (json.data as { objects: Record<string, { OBJECT: { target: string } }> }).objects;
    expect(made.map(([oid]) => objects[oid]?.OBJECT.target)).toEqual(made.map(([, target]) => target));
  });

  test('an OID that a queue names at one is not given anew at the other', async () => {
    const who = await session(one);
    const route = (gateway: TestGateway) =>
      gateway.post({ ...who, cmd: 'CREATE', class: 'Route', data: { target: '10.9.9.9', netmask: '255.0.0.0' } }).then(({ json }) => {
        return String((json.data as { oid?: string }).oid);
      });
    const oid = await route(one);
    const waiting = await session(other);
    await other.post({ ...waiting, cmd: 'BEGIN' });
    expect(await other.post({ ...waiting, cmd: 'SET', oid, data: { netmask: '255.255.0.0' } })).toMatchObject({ json: { status: 100 } });
    expect(await one.post({ ...who, cmd: 'DESTROY', oid })).toMatchObject(OK);
    expect([await route(one), await route(other)]).not.toContain(oid);
    const { json } = await one.post({ ...waiting, cmd: 'COMMIT' });
    expect(json).toMatchObject({ status: 409, data: { errors: [{ message: 'UNKNOWN OBJECT', status: 300 }] } });
  });

  test('what is written at one is told at the other, to who waits there too', async () => {
    const who = await session(one);
    const events = async (body: object) => {
      const { json } = await other.post({ ...who, cmd: 'EVENTS', ...body });
      return json.data as { readonly last: string; readonly events: readonly { readonly event: string }[] };
    };
    const { last } = await events({ since: '0', timeout: 0 });
    const waiting = events({ since: last, timeout: 20 });
    expect(await one.post({ ...who, cmd: 'SET 58 sortName="told"' })).toMatchObject(OK);
    expect((await waiting).events.map(({ event }) => event)).toEqual(['58..sortName']);
  });

  test('who is suspended at one is suspended at both', async () => {
    const who = await session(one);
    expect(await one.post({ ...who, cmd: 'SUSPEND', reason: 'r' })).toMatchObject(OK);
    const refused = await other.post({ ...who, cmd: 'SET 56 description="x"' });
    expect(refused.json).toMatchObject({ status: 401, data: { errors: [{ code: 309 }, { code: 401 }] } });
    expect(await other.post({ ...who, cmd: 'RESUME' })).toMatchObject(OK);
    expect(await one.post({ ...who, cmd: 'SET 56 description="x"' })).toMatchObject(OK);
  });

  test('failures at both count together, for an address and for a user', async () => {
    const wrong = { from: REMOTE, secret: 'none-of-the-secrets' };
    for (const gateway of [one, other, one, other]) expect(await gateway.post({ cmd: 'LOGIN' }, wrong)).toMatchObject({ http: 401 });
    for (const gateway of [one, other]) expect(await gateway.post({ cmd: 'LOGIN' }, FROM_AFAR)).toMatchObject({ http: 429 });
    const guess = { cmd: 'AUTH', user: 'somebody', password: 'guess' };
    for (const gateway of [one, other, one, other]) expect(await gateway.post(guess)).toMatchObject({ http: 401 });
    for (const gateway of [one, other]) expect(await gateway.post(guess)).toMatchObject({ http: 429 });
  });

  test('of two that begin at once on an empty store one gives admin the password that stands in its file, and it counts at both', async () => {
    await using own = new AsyncScope();
    const { url } = own.use(await freshDatabase());
    const place = own.use(await tempDir('tg-'));
    const folders = ['a', 'b'].map((name) => join(place.path, name));
    const authority = own.use(await testAuthority());
    const begun = await Promise.all(folders.map((stateDir) => startGateway({ stateDir, authority, storeUrl: url, keys: 'fixtures =' })));
    for (const gateway of begun) own.use(gateway);
    const files = await Promise.all(folders.map((folder) => readFile(join(folder, 'cce/admin.passwd'), 'utf8').catch(() => '')));
    const [password = '', ...more] = files.filter((text) => text !== '').map((text) => text.trim());
    expect(more).toEqual([]);
    for (const gateway of begun) expect(await gateway.post({ cmd: 'AUTH', user: 'admin', password })).toMatchObject(OK);
  });
});
