import { isDeepStrictEqual } from 'node:util';
import { AsyncScope } from '@fairlead/kernel/lifecycle';
import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnyRequest, anyRequest, type Caller } from './support/any-request.ts';
import { type JsonRig, startJsonRig } from './support/json-rig.ts';
import { embedded, socket } from './support/stands.ts';

/** What is remembered of commands for the test grows: a long run begins anew. */
const STREAMS_OF_ONE_LIFE = 50;

/** A face with its callers. */
interface Side {
  readonly rig: JsonRig;
  readonly credentials: Readonly<Record<Caller, object>>;
}

async function openSide(stand: typeof embedded, scope: AsyncScope): Promise<Side> {
  const rig = scope.use(await startJsonRig({ stand }));
  const credentials = {
    admin: await rig.login('admin'),
    'site admin': await rig.login('siteadmin1'),
    nobody: {},
    stranger: { user: 'admin', sessionid: 'x'.repeat(63) },
  };
  return { rig, credentials };
}

/** Without what may differ: salts of password hashes, and what only the engine itself can tell of handlers (cce 12.2). */
function comparable(text: string): string {
  return text.replaceAll(/\$6\$[^"\\]*/g, '$6$').replaceAll(/,"rollback":true,"rollback_events":\[[^\]]*\]/g, '');
}

async function answers({ rig, credentials }: Side, stream: readonly AnyRequest[]): Promise<readonly unknown[]> {
  const said: unknown[] = [];
  for (const { caller, body } of stream) {
    const { http, text } = await rig.call({ ...credentials[caller], ...body });
    said.push([caller, body, http, comparable(text)]);
  }
  return said;
}

/** Objects of the demo in these classes. */
const FIRST: ReadonlySet<number> = new Set([6, 34, 56, 58, 60]);

/** Takes away what a stream has made, so that a long run stays as quick as a short one. */
async function tidy({ rig, credentials }: Side): Promise<void> {
  for (const caller of ['admin', 'site admin'] as const) await rig.call({ ...credentials[caller], cmd: 'BYE' });
  for (const name of ['mx2', 'Route', 'User', 'Vsite', 'EmailAlias', 'Workgroup']) {
    const { json } = await rig.call({ ...credentials.admin, cmd: 'FINDX', class: name });
    const { oidlist = [] } = (json.data ?? {}) as { oidlist?: readonly string[] };
    for (const oid of oidlist.filter((one) => !FIRST.has(Number(one)))) await rig.call({ ...credentials.admin, cmd: 'DESTROY', oid });
  }
}

test('a made-up stream of requests gets the same answers over the engine and over its socket, byte for byte', async () => {
  let scope = new AsyncScope();
  const open = async () => [await openSide(embedded, scope), await openSide(socket, scope)] as const;
  let [here, there] = await open();
  const anew = async () => {
    await scope[Symbol.asyncDispose]();
    scope = new AsyncScope();
    [here, there] = await open();
  };
  let [streams, succeeded] = [0, 0];
  try {
    await fuzz(
      'cce.backends',
      fc.array(anyRequest, { minLength: 5, maxLength: 20 }),
      async (stream) => {
        streams += 1;
        if (streams % STREAMS_OF_ONE_LIFE === 0) await anew();
        const [said, heard] = await Promise.all([answers(here, stream), answers(there, stream)]);
        // What is left of it must not spoil the search for the smallest stream.
        if (!isDeepStrictEqual(heard, said)) await anew();
        expect(heard).toEqual(said);
        succeeded += said.filter((one) => (one as readonly unknown[])[2] === 200).length;
        await Promise.all([tidy(here), tidy(there)]);
        return succeeded > 0;
      },
      { share: 0.4, someAccepted: true },
    );
    expect(await objects(there)).toEqual(await objects(here));
  } finally {
    await scope[Symbol.asyncDispose]();
  }
});

/** Which objects there are; salts make digests of their values differ. */
async function objects({ rig }: Side): Promise<readonly string[]> {
  return (await rig.snapshot()).split('\n').map((line) => line.split(' ').slice(0, 2).join(' '));
}
