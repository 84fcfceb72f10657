import { newUuid } from '@fairlead/kernel/ids';
import type { Store } from '@fairlead/kernel/store';
import { describe, expect, test } from 'vitest';
import { CyberappError } from '../../src/errors.ts';
import { type KeptAnswer, Replays, type WriteRequest } from '../../src/service/replay.ts';
import type { Work } from '../../src/service/work.ts';
import type { CyberappTables } from '../../src/store/tables.ts';
import type { NewPlace } from './places.ts';

function requestOf(changes: Partial<WriteRequest> = {}): WriteRequest {
  return { organizationId: newUuid(), requestId: newUuid(), callbackId: 'cti.x', digest: 'd', keepMs: 86_400_000, ...changes };
}

/** An effect that can be counted. */
async function addOne({ db }: Work): Promise<KeptAnswer> {
  await db.insertInto('cyberapp_counters').values({ name: newUuid(), value: 1 }).execute();
  return { status: 200, body: `{"response_id":"${newUuid()}"}` };
}

async function effects(store: Store): Promise<number> {
  return (await store.tables<CyberappTables>().selectFrom('cyberapp_counters').select('name').execute()).length;
}

const refusalOf = (error: unknown): KeptAnswer | undefined =>
  CyberappError.is(error, 'CYBERAPP_TENANT_TAKEN') ? { status: 403, body: '{"refused":true}' } : undefined;

/** One effect for each request id, the same on both databases. */
export function testReplays(name: string, newPlace: NewPlace): void {
  describe(`replays on ${name}`, () => {
    test('cyberapp 9.112: ten at once have one effect and ten equal answers', async () => {
      await using place = await newPlace();
      const request = requestOf();
      const replays = [new Replays(place.store), new Replays(place.other)];
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, at) => (replays[at % 2] as Replays).once(request, addOne, refusalOf)),
      );
      expect(new Set(outcomes.map(({ answer }) => answer.body)).size).toBe(1);
      expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(await effects(place.store)).toBe(1);
    });

    test('cyberapp 9.113, 9.114: the id of another request is refused, that of another organization is another one', async () => {
      await using place = await newPlace();
      const replays = new Replays(place.store);
      const request = requestOf();
      await replays.once(request, addOne, refusalOf);
      for (const other of [{ digest: 'e' }, { callbackId: 'cti.y' }]) {
        await expect(replays.once({ ...request, ...other }, addOne, refusalOf)).rejects.toMatchObject({ code: 'CYBERAPP_REPLAY_MISMATCH' });
      }
      expect(await replays.once({ ...request, organizationId: newUuid() }, addOne, refusalOf)).toMatchObject({ replayed: false });
      expect(await effects(place.store)).toBe(2);
    });

    test('cyberapp 9.116: a refusal is kept and leaves no effect; a new id is judged anew', async () => {
      await using place = await newPlace();
      const replays = new Replays(place.store);
      const request = requestOf();
      const refuse = async (work: Work) => {
        await addOne(work);
        throw CyberappError('CYBERAPP_TENANT_TAKEN');
      };
      const first = await replays.once(request, refuse, refusalOf);
      expect(first).toEqual({ answer: { status: 403, body: '{"refused":true}' }, replayed: false });
      expect(await effects(place.store)).toBe(0);
      expect(await replays.once(request, addOne, refusalOf)).toEqual({ ...first, replayed: true });
      expect(await replays.once({ ...request, requestId: newUuid() }, addOne, refusalOf)).toMatchObject({ answer: { status: 200 } });
    });

    test('cyberapp 9.96: what fails leaves neither effect nor answer, and may be asked again', async () => {
      await using place = await newPlace();
      const replays = new Replays(place.store);
      const request = requestOf();
      const fail = async (work: Work) => {
        await addOne(work);
        throw new Error('the store has gone');
      };
      await expect(replays.once(request, fail, refusalOf)).rejects.toThrow('the store has gone');
      expect(await effects(place.store)).toBe(0);
      expect(await replays.once(request, addOne, refusalOf)).toMatchObject({ replayed: false });
    });

    test('cyberapp 9.117: after a day the id is free, and the old answer is swept', async () => {
      await using place = await newPlace();
      const replays = new Replays(place.store);
      const request = requestOf();
      await replays.once(request, addOne, refusalOf);
      await replays.once(requestOf(), addOne, refusalOf);
      place.clock.advance(86_400_000);
      expect(await replays.once(request, addOne, refusalOf)).toMatchObject({ replayed: false });
      expect(await replays.sweep()).toBe(1);
      expect(await effects(place.store)).toBe(3);
    });
  });
}
