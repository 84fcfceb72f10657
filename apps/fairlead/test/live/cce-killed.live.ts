import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { CceGateway } from '../support/cce/gateway.ts';
import { Writers } from '../support/cce/writers.ts';

/** The user whose description counts up. */
const COUNTED = '56';
/** Acknowledged writes before a death. */
const ENOUGH = 50;

/** A session, a token and a queue that are in the middle of something. */
async function inTheMiddle(gateway: CceGateway) {
  const who = await gateway.login();
  const { json } = await gateway.ask({ cmd: 'LOGIN' }, { isRemote: true });
  const token = String(json.data?.token);
  const begun = await gateway.ask({ ...who, cmd: 'BEGIN' });
  expect(begun.json).toMatchObject({ status: 201, message: 'BEGIN OK' });
  for (const body of [
    { cmd: 'SET', oid: '58', data: { fullName: 'Kept', password: 'kept-in-the-queue' } },
    { cmd: 'SET', oid: '58', namespace: 'Email', data: { vacationMsg: 'kept "\n" too' } },
  ]) {
    expect((await gateway.ask({ ...who, ...body })).json).toMatchObject({ status: 100, message: 'QUEUED' });
  }
  return {
    /** Goes on at a gateway that did not begin it. */
    async goesOnAt(other: CceGateway): Promise<void> {
      expect((await other.ask({ ...who, cmd: 'WHOAMI' })).json.data).toEqual({ oid: '6' });
      expect((await other.ask({ cmd: 'WHOAMI', token }, { isRemote: true })).json.data).toEqual({ oid: '60' });
      expect((await other.ask({ ...who, cmd: 'COMMIT' })).json).toMatchObject({ status: 201, message: 'COMMIT successful' });
      const { json: email } = await other.ask({ ...who, cmd: 'GET', oid: '58', namespace: 'Email' });
      expect(email.data).toMatchObject({ DATA: { vacationMsg: 'kept "\n" too' } });
      const login = await other.ask({ cmd: 'WHOAMI', user: String(await nameOf(other, who)), password: 'kept-in-the-queue' });
      expect(login.json.data).toEqual({ oid: '58' });
    },
  };
}

async function nameOf(gateway: CceGateway, who: object): Promise<unknown> {
  const { json } = await gateway.ask({ ...who, cmd: 'GET', oid: '58' });
  return (json.data as { readonly DATA: Readonly<Record<string, string>> }).DATA.name;
}

const written = (writers: Writers, count: number) =>
  until(() => writers.ledger.count >= count, { timeoutMs: 60_000, what: `${count} acknowledged writes` });

describe('kill -9 while clients write', { timeout: 120_000 }, () => {
  test('cce 17.90: on SQLite each acknowledged write is there, no transaction is half there, and what was begun goes on', async () => {
    await using folder = await tempDir('ck-');
    await using gateway = await CceGateway.start({ folder: folder.path });
    const begun = await inTheMiddle(gateway);
    const writers = new Writers({ user: COUNTED });
    writers.add(gateway);
    await written(writers, ENOUGH);
    await gateway.kill();
    await writers.ended();
    await gateway.start();
    expect(await writers.broken(gateway)).toEqual([]);
    await begun.goesOnAt(gateway);
  });
});

describe.skipIf(lacksPostgres())('kill -9 of one of two gateways on PostgreSQL', { timeout: 120_000 }, () => {
  test('cce 17.90: the other goes on with all that was acknowledged, and so does the one that comes back', async () => {
    await using scope = new AsyncScope();
    const { url } = scope.use(await freshDatabase());
    const folder = scope.use(await tempDir('ck-'));
    const start = async (name: string) => {
      const place = join(folder.path, name);
      await mkdir(place);
      return scope.use(await CceGateway.start({ folder: place, storeUrl: url, clientSecret: 'one-secret-for-both-gateways-1234' }));
    };
    const [one, other] = await Promise.all([start('a'), start('b')]);
    const begun = await inTheMiddle(one);
    const writers = new Writers({ user: COUNTED });
    writers.add(one);
    writers.add(other);
    await written(writers, ENOUGH);
    await one.kill();
    // Whoever died may have been the one that keeps the password of api-admin.
    expect((await other.ask({ cmd: 'LOGIN' }, { isRemote: true })).json.message).toBe('TOKEN ISSUED');
    const { count } = writers.ledger;
    await Promise.all([written(writers, count + ENOUGH / 2), one.start()]);
    await writers.stop();

    for (const gateway of [one, other]) expect(await writers.broken(gateway)).toEqual([]);
    await begun.goesOnAt(other);
  });
});
