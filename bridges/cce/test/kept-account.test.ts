import { describe, expect, test } from 'vitest';
import type { Backend } from '../src/service/backend.ts';
import { WatchedBackend } from '../src/service/watched-backend.ts';
import { startJsonRig } from './support/json-rig.ts';
import { STANDS } from './support/stands.ts';

/** As the bridge composes it (cce 7.6). */
const wrap = (backend: Backend) => new WatchedBackend(backend, { refused: new Set(['api-admin']), onConflict: () => undefined });
const DENIED = (what: string) => ({
  status: 401,
  message: 'GOODBYE',
  data: {
    errors: [
      { code: 304, message: `PERMISSION DENIED ${what}` },
      { code: 401, message: 'FAIL' },
    ],
  },
});

describe.each(STANDS)('api-admin over $name', (stand) => {
  test('no command shows its password or the hash of it, not even to an administrator', async () => {
    await using rig = await startJsonRig({ stand, wrap });
    const who = await rig.login();
    await rig.call({ ...who, cmd: 'SET 60 password="geheim-genug-1"' });
    const ways: readonly object[] = [
      { cmd: 'GET 60' },
      { cmd: 'GET', oid: 60, arrays: true },
      { cmd: 'GET', oids: [6, 60] },
      { cmd: 'GETOBJECT', class: 'User', args: { name: 'api-admin' } },
      { cmd: 'GETALL 60' },
      { cmd: 'GETALL User name="api-admin"' },
      { cmd: 'FINDX', class: 'User', args: { name: 'api-admin' }, props: ['crypt_password', 'name'] },
    ];
    for (const way of ways) {
      const { text } = await rig.call({ ...who, ...way });
      expect(text).toContain('api-admin');
      // Another user's stands there as ever.
      const [, shown = ''] = text.split(/"OID":"6",.*"OID":"60"/);
      expect(shown || text.split('"60"').at(-1), text).not.toMatch(/\$6\$|_password"/);
    }
    expect((await rig.call({ ...who, cmd: 'GET 6' })).text).toMatch(/"crypt_password":"\$6\$/);
  });

  test('it is not found by the hash of its password, nor sorted by it', async () => {
    await using rig = await startJsonRig({ stand, wrap });
    const who = await rig.login();
    const found = async (body: object) => ((await rig.call({ ...who, ...body })).json.data as { oidlist?: unknown } | undefined)?.oidlist;
    await rig.call({ ...who, cmd: 'SET 60 password="geheim-genug-1"' });
    expect(await found({ cmd: 'FIND User crypt_password ~ "^.6"' })).toEqual(['6', '56', '58']);
    expect(await found({ cmd: 'FINDX', class: 'User', regex_args: { crypt_password: '^.6' } })).toEqual(['6', '56', '58']);
    expect(await found({ cmd: 'FIND User SORT crypt_password' })).toEqual(['6', '56', '58', '60']);
    expect(await found({ cmd: 'FIND User name ~ "^api"' })).toEqual(['60']);
  });

  test('it is neither destroyed nor renamed, alone, in a transaction or one by one', async () => {
    await using rig = await startJsonRig({ stand, wrap });
    const who = await rig.login();
    const before = await rig.snapshot();
    expect((await rig.call({ ...who, cmd: 'DESTROY 60' })).json).toEqual(DENIED('DESTROY'));
    expect((await rig.call({ ...who, cmd: 'DESTROY', oid: '060' })).json).toEqual(DENIED('DESTROY'));
    expect((await rig.call({ ...who, cmd: 'SET 60 name="other"' })).json).toEqual(DENIED('name'));
    for (const atomic of [true, false]) {
      await rig.call({ ...who, cmd: 'BEGIN', atomic });
      for (const cmd of ['SET 60 name="other"', 'DESTROY 60']) await rig.call({ ...who, cmd });
      const { json } = await rig.call({ ...who, cmd: 'COMMIT' });
      expect(json).toMatchObject({ status: 409, data: { errors: [{ status: 304 }, { status: 304 }] } });
    }
    expect(await rig.snapshot()).toBe(before);
    expect((await rig.call({ ...who, cmd: 'SET 56 name="renamed"' })).json).toMatchObject({ status: 201 });
    expect((await rig.call({ ...who, cmd: 'DESTROY 56' })).json).toMatchObject({ status: 201 });
    expect((await rig.call({ ...who, cmd: 'DESTROY 9999' })).json).toMatchObject({ data: { errors: [{ code: 300 }, { code: 401 }] } });
  });
});
