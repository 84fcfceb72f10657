import { describe, expect, test } from 'vitest';
import { ManualClock } from '../clock/index.ts';
import { AsyncScope } from '../lifecycle/index.ts';
import { silentLog } from '../log/index.ts';
import { Sessions } from '../sessions/index.ts';
import { kernelMigrations, migrate } from '../store/index.ts';
import type { StorePlace } from '../store/suite.ts';
import { countDigests, countSealed, firstUseOf, gatewaysAlive, KeyUse, kernelDigests, kernelSealed, resealRows, Secrets } from './index.ts';

const [FIRST, SECOND, THIRD] = ['the first', 'the second', 'the third'].map((word) => `${word} server secret of 32 bytes or more`) as [
  string,
  string,
  string,
];
const before = new Secrets(FIRST);
const after = new Secrets(SECOND, [FIRST]);
const forEver = new AbortController().signal;

/** What a change of the server secret must do on every store; `newPlace` makes an empty one whose stores go by this clock. */
export function testKeyRotation(name: string, newPlace: (clock: ManualClock) => Promise<StorePlace>): void {
  describe(`rotation of the server secret: ${name}`, () => {
    testResealing(newPlace);
    testGateways(newPlace);
  });
}

function testResealing(newPlace: (clock: ManualClock) => Promise<StorePlace>): void {
  test('rows are sealed anew, sessions stay good, and the former secret is needed for their digests alone', async () => {
    await using world = await start(newPlace);
    const { token } = await world.sessions(before).issue(request(1));
    world.clock.advance(1000);
    await (await world.join('gateway', after))[Symbol.asyncDispose]();
    expect(await countSealed(world.store, kernelSealed)).toEqual(new Map([[before.keyId, 1]]));

    expect(await world.reseal(after)).toEqual({ resealed: 1, unreadable: 0 });

    expect(await countSealed(world.store, kernelSealed)).toEqual(new Map([[after.keyId, 1]]));
    expect(await world.reseal(after)).toEqual({ resealed: 0, unreadable: 0 });
    expect(await world.sessions(after).verify('ovirt', token)).toMatchObject({ data: { n: 1 } });
    const since = (await firstUseOf(world.store, after.keyId)) ?? 0;
    expect(await countDigests(world.store, kernelDigests, since)).toBe(1);
    expect(await world.sessions(new Secrets(SECOND)).verify('ovirt', token)).toBeUndefined();
  });

  test('ended after any row, it goes on where it was, and nothing is lost', async () => {
    await using world = await start(newPlace);
    const tokens: string[] = [];
    for (let n = 0; n < 7; n++) tokens.push((await world.sessions(before).issue(request(n))).token);
    for (let left = 7; left > 1; left--) {
      const stop = new AbortController();
      const cut = resealRows(kernelSealed, { store: world.store, secrets: endingAfter(1, after, stop), signal: stop.signal });
      await expect(cut).rejects.toThrow('killed');
      expect((await countSealed(world.store, kernelSealed)).get(before.keyId) ?? 0).toBe(left - 1);
      for (const [n, token] of tokens.entries()) expect(await world.sessions(after).verify('ovirt', token)).toMatchObject({ data: { n } });
    }

    expect(await world.reseal(after)).toEqual({ resealed: 1, unreadable: 0 });
  });

  test('more rows than one batch holds, and rows that nobody can read, which are counted and left alone', async () => {
    await using world = await start(newPlace);
    for (let n = 0; n < 230; n++) await world.sessions(n % 10 === 0 ? new Secrets(THIRD) : before).issue(request(n));

    expect(await world.reseal(after)).toEqual({ resealed: 207, unreadable: 23 });
    expect(await countSealed(world.store, kernelSealed)).toEqual(
      new Map([
        [after.keyId, 207],
        [new Secrets(THIRD).keyId, 23],
      ]),
    );
  });

  test('what somebody writes meanwhile is kept', async () => {
    await using world = await start(newPlace);
    const { token } = await world.sessions(before).issue(request(1));
    const late = after.seal('session:ovirt', JSON.stringify({ n: 2 }));
    const racing = new Secrets(SECOND, [FIRST]);
    const rewriting = world.store.tables<{ kernel_sessions: { data: string } }>().updateTable('kernel_sessions').set({ data: late });
    let isWritten: Promise<unknown> | undefined;
    racing.open = (purpose, sealed) => {
      isWritten ??= rewriting.execute();
      return after.open(purpose, sealed);
    };
    await resealRows(kernelSealed, { store: world.store, secrets: racing, signal: forEver });
    await isWritten;

    expect(await world.sessions(after).verify('ovirt', token)).toMatchObject({ data: { n: 2 } });
  });
}

function testGateways(newPlace: (clock: ManualClock) => Promise<StorePlace>): void {
  test('a gateway with a new secret that another does not know is refused, and so is the other way round', async () => {
    await using world = await start(newPlace);
    const old = await world.join('old', before);

    const refused = await world.join('new', after).catch((error: unknown) => error);

    expect(refused).toMatchObject({
      code: 'FAIRLEAD_SECRET_DIFFERS',
      detail: { gateway: 'old', theirs: before.keyId, ours: after.keyId },
      help: expect.stringContaining('former_hmac_secret'),
    });
    expect((await gatewaysAlive(world.store)).map((one) => one.name)).toEqual(['old']);
    await old[Symbol.asyncDispose]();
    await using _new = await world.join('new', after);
    await expect(world.join('old', before)).rejects.toMatchObject({ code: 'FAIRLEAD_SECRET_DIFFERS' });
  });

  test('a secret that is known everywhere before it is used is changed without a stop', async () => {
    await using world = await start(newPlace);
    const prepared = new Secrets(FIRST, [SECOND]);
    const one = await world.join('one', before);
    const other = await world.join('other', prepared);
    await one[Symbol.asyncDispose]();
    await using _one = await world.join('one', prepared);
    await other[Symbol.asyncDispose]();
    await using _other = await world.join('other', after);

    expect(await gatewaysAlive(world.store)).toEqual([
      { id: 'one', name: 'one', keyId: before.keyId, reads: [before.keyId, after.keyId] },
      { id: 'other', name: 'other', keyId: after.keyId, reads: [after.keyId, before.keyId] },
    ]);
  });

  test('a killed gateway is in nobody’s way after a minute, and never in its own', async () => {
    await using world = await start(newPlace);
    await world.kill('dead', before);
    await (await world.join('dead', after))[Symbol.asyncDispose]();
    await world.kill('dead', before);
    world.clock.advance(59_000);
    await expect(world.join('new', after)).rejects.toMatchObject({ code: 'FAIRLEAD_SECRET_DIFFERS', detail: { seconds: 59 } });
    world.clock.advance(1000);
    await using _new = await world.join('new', after);
  });
}

function request(n: number) {
  return { face: 'ovirt', subject: 'ann', data: { n }, idleMs: 3_600_000, maxMs: 86_400_000 };
}

/** Stops the world when so many rows have been written. */
function endingAfter(rows: number, real: Secrets, stop: AbortController): Secrets {
  const ending = new Secrets(SECOND, [FIRST]);
  let sealed = 0;
  ending.seal = (purpose, text) => {
    sealed += 1;
    if (sealed <= rows) return real.seal(purpose, text);
    stop.abort(new Error('killed'));
    throw new Error('killed');
  };
  return ending;
}

async function start(newPlace: (clock: ManualClock) => Promise<StorePlace>) {
  await using scope = new AsyncScope();
  const clock = new ManualClock();
  const place = scope.use(await newPlace(clock));
  const store = scope.use(await place.open());
  await migrate(store, kernelMigrations);
  const held = scope.move();
  const join = (name: string, secrets: Secrets) => KeyUse.join({ id: name, name }, { store, secrets, clock, log: silentLog() });
  return {
    clock,
    store,
    join,
    /** Leaves what a killed one leaves. */
    kill: async (name: string, secrets: Secrets) => {
      const row = { id: name, name, key_id: secrets.keyId, reads: JSON.stringify(secrets.keyIds), seen_ms: clock.now() };
      await store.tables<{ kernel_gateways: typeof row }>().insertInto('kernel_gateways').values(row).execute();
    },
    sessions: (secrets: Secrets) => new Sessions({ store, secrets, clock }),
    reseal: (secrets: Secrets) => resealRows(kernelSealed, { store, secrets, signal: forEver }),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
