import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { create, destroy, find, get, newWorld, plain, said, set, shownValue, type World } from '../../test/support/world.ts';
import { type HandlerCall, type HandlerOutcome, MemoryStorage, type NativeHandler } from '../index.ts';

const ok: NativeHandler = async () => 'SUCCESS';
const fail: NativeHandler = async () => 'FAIL';

function eventsOf({ events }: HandlerCall): readonly string[] {
  return events.map(({ oid, namespace, name }) => (name.startsWith('_') ? `${oid}.${name}` : `${oid}.${namespace}.${name}`));
}

const ALPHABETA = `
Alpha._CREATE native:alpha
Alpha.name native:alpha
Alpha._DESTROY native:alpha
Beta._CREATE native:beta
Alpha._CREATE native:catto CLEANUP.rollback
Alpha.name native:catto CLEANUP.rollback
Alpha._DESTROY native:catto CLEANUP.rollback
Beta._CREATE native:catto CLEANUP.rollback
Beta.name native:catto CLEANUP.rollback
Beta._DESTROY native:catto CLEANUP.rollback
`;

/** The handlers of the original's suite: Alpha's keeps a Beta of the same name, catto writes down what it is told. */
async function alphaBeta(outcomes: { readonly alpha?: HandlerOutcome; readonly beta?: HandlerOutcome }) {
  const trace: string[] = [];
  const nested: string[][] = [];
  const alpha: NativeHandler = async (call) => {
    const { connection } = call;
    const [event] = call.events;
    const own = await get(connection, event?.oid ?? '');
    const names = own.lines.flatMap((line) => ((line.code === 102 || line.code === 103) && line.key === 'name' ? [line.value] : []));
    const [beta] = (await find(connection, 'Beta', { name: names[0] ?? '' })).lines;
    const oid = beta?.code === 104 ? beta.oid : '';
    if (event?.name === '_CREATE') nested.push([...said(await create(connection, 'Beta', { name: names[0] ?? '' }))]);
    else if (event?.name === '_DESTROY') nested.push([...said(await destroy(connection, oid))]);
    else nested.push([...said(await set(connection, oid, { name: names[1] ?? '' }))]);
    return outcomes.alpha ?? 'SUCCESS';
  };
  const catto: NativeHandler = async (call) => {
    trace.push(`${eventsOf(call).join(' ')}${call.connection.greeting().rollback ? ' 111' : ''}`);
    return 'SUCCESS';
  };
  const world = await newWorld({ conf: ALPHABETA, native: { alpha, catto, beta: async () => outcomes.beta ?? 'SUCCESS' } });
  return { world, trace, nested };
}

test('cce 17.82: cleanup handlers hear of the nested object first, of its creation, change and destruction', async () => {
  const { world, trace } = await alphaBeta({});
  await using _ = world;

  expect(said(await create(world.admin, 'Alpha', { name: 'x' }))).toEqual(['104 1', '201']);
  expect(trace.splice(0)).toEqual(['2._CREATE', '1._CREATE']);
  expect(said(await set(world.admin, 1, { name: 'y' }))).toEqual(['201']);
  expect(trace.splice(0)).toEqual(['2..name', '1..name']);
  expect(await shownValue(world.admin, 2, 'name')).toBe('y');
  expect(said(await destroy(world.admin, 1))).toEqual(['201']);
  expect(trace.splice(0)).toEqual(['2._DESTROY', '1._DESTROY']);
  expect(said(await find(world.admin, 'Beta'))).toEqual(['201']);
});

test('cce 17.82: when the outer handler fails after the nested object was made, both are told of the rollback and both are gone', async () => {
  const { world, trace, nested } = await alphaBeta({ alpha: 'FAIL' });
  await using _ = world;
  const reply = await create(world.admin, 'Alpha', { name: 'x' });

  expect(said(reply)).toEqual(['104 1', '401']);
  expect(nested).toEqual([['104 2', '201']]);
  expect(trace).toEqual(['2._CREATE 111', '1._CREATE 111']);
  expect(reply.rollback).toEqual(['2._CREATE', '1._CREATE']);
  expect(said(await find(world.admin, 'Alpha'))).toEqual(['201']);
  expect(said(await find(world.admin, 'Beta'))).toEqual(['201']);
  expect(said(await create(world.admin, 'User', { name: 'u' }))).toEqual(['104 1', '201']);
});

test('cce 17.82: when only the nested create fails, its rollback is told at once and the outer create goes on', async () => {
  const { world, trace, nested } = await alphaBeta({ beta: 'FAIL' });
  await using _ = world;

  expect(said(await create(world.admin, 'Alpha', { name: 'x' }))).toEqual(['104 1', '201']);
  expect(nested).toEqual([['104 2', '401']]);
  expect(trace).toEqual(['2._CREATE 111', '1._CREATE']);
  expect(said(await find(world.admin, 'Alpha'))).toEqual(['104 1', '201']);
  expect(said(await find(world.admin, 'Beta'))).toEqual(['201']);
});

test('cce 17.83: BADDATA reaches the direct caller only, who may succeed all the same', async () => {
  const heard: string[][] = [];
  const setNext =
    (oid: number, key: string): NativeHandler =>
    async ({ connection }) => {
      heard.push([...said(await set(connection, oid, { name: 'x' }))]);
      if (key !== '') await connection.execute({ verb: 'BADDATA', oid: '0', key, message: 'bar' });
      return 'SUCCESS';
    };
  const third: NativeHandler = async ({ connection }) => {
    expect(said(await connection.execute({ verb: 'BADDATA', oid: 'x', key: 'gamma', message: 'foo' }))).toEqual(['403']);
    await connection.execute({ verb: 'BADDATA', oid: '0', key: 'gamma', message: 'foo' });
    await connection.execute({ verb: 'BADDATA', oid: '0', key: 'gamma', message: 'bar' });
    return 'FAIL';
  };
  await using world = await newWorld({
    conf: 'Alpha.name native:first\nBeta.name native:second\nUnique.name native:third',
    native: { first: setNext(2, ''), second: setNext(3, 'beta'), third },
  });
  await create(world.admin, 'Alpha');
  await create(world.admin, 'Beta');
  await create(world.admin, 'Unique');

  expect(said(await set(world.admin, 1, { name: 'x' }))).toEqual(['201']);
  expect(heard).toEqual([
    ['302 0 gamma bar', '401'],
    ['302 0 beta bar', '201'],
  ]);
  expect(said(await set(world.admin, 3, { name: 'x' }))).toEqual(['302 0 gamma bar', '401']);
  expect(said(await set(world.admin, 2, { name: 'y' }))).toEqual(['302 0 beta bar', '201']);
});

test('cce 17.84: INFO and WARN of all handlers come before the last line in the order of emission, for success and failure', async () => {
  const tell =
    (text: string, outcome: HandlerOutcome): NativeHandler =>
    async ({ connection, events }) => {
      await connection.execute({ verb: 'INFO', message: `${text} begins` });
      if (events[0]?.class === 'Alpha') await set(connection, 2, { name: text });
      await connection.execute({ verb: 'BADDATA', oid: '1', key: 'k', message: text });
      await connection.execute({ verb: 'WARN', message: `${text} ends` });
      return outcome;
    };
  await using world = await newWorld({
    conf: 'Alpha.name native:good\nAlpha.note native:bad\nBeta.name native:inner',
    native: { good: tell('good', 'SUCCESS'), bad: tell('bad', 'FAIL'), inner: tell('inner', 'SUCCESS') },
  });
  await create(world.admin, 'Alpha');
  await create(world.admin, 'Beta');
  const lines = (text: string) => ['302 1 k '.concat(text), `106 ${text} begins`, '106 inner begins', '305 inner ends', `305 ${text} ends`];

  expect(said(await set(world.admin, 1, { name: 'x' }))).toEqual([...lines('good'), '201']);
  expect(said(await set(world.admin, 1, { note: 'x' }))).toEqual([...lines('bad'), '401']);
});

test('cce 17.80: a failing handler leaves the old data', async () => {
  await using world = await newWorld({ conf: 'Alpha.name native:fail', native: { fail } });
  await create(world.admin, 'Alpha', { name: 'old' });

  expect(said(await set(world.admin, 1, { name: 'new', note: 'x' }))).toEqual(['401']);
  expect(await shownValue(world.admin, 1, 'name')).toBe('old');
  expect(await shownValue(world.admin, 1, 'note')).toBe('');
  expect(said(await set(world.admin, 1, { note: 'x' }))).toEqual(['201']);
});

test('stages run in order for each object, and objects made come before those changed and those destroyed', async () => {
  const trace: string[] = [];
  const note =
    (name: string): NativeHandler =>
    async (call) => {
      trace.push(`${name} ${eventsOf(call).join(' ')}`);
      return 'SUCCESS';
    };
  const stages = ['TEST', 'EXECUTE', 'VALIDATE', 'CONFIGURE', 'CLEANUP'];
  await using world = await newWorld({
    conf: stages
      .flatMap((stage) => ['_CREATE', '*', '_DESTROY'].map((event) => `Alpha.${event} native:${stage} ${stage.toLowerCase()}`))
      .join('\n'),
    native: Object.fromEntries(stages.map((stage) => [stage, note(stage)])),
  });
  const { admin } = world;
  for (const name of ['a', 'b', 'c']) await create(admin, 'Alpha', { name });
  trace.length = 0;
  await plain(admin, 'BEGIN');
  await destroy(admin, 1);
  await set(admin, 3, { name: 'x' });
  await set(admin, 2, { name: 'x' });
  await create(admin, 'Alpha');
  await plain(admin, 'COMMIT');

  const inOrder = ['4._CREATE', '2..name', '3..name', '1._DESTROY'];
  const early = inOrder.flatMap((event) => ['VALIDATE', 'CONFIGURE', 'EXECUTE', 'TEST'].map((stage) => `${stage} ${event}`));
  expect(trace).toEqual([...early, ...inOrder.map((event) => `CLEANUP ${event}`)]);
});

test('cce 17.85: a handler that defers is asked again after the others, and handlers that all defer fail', async () => {
  const trace: string[] = [];
  const patient: NativeHandler = async () => {
    trace.push('patient');
    return trace.includes('other') ? 'SUCCESS' : 'DEFER';
  };
  const other: NativeHandler = async () => {
    trace.push('other');
    return 'SUCCESS';
  };
  await using world = await newWorld({
    conf: 'Alpha.name native:patient\nAlpha.name native:other\nAlpha.note native:never\nAlpha.note native:neither',
    native: { patient, other, never: async () => 'DEFER', neither: async () => 'DEFER' },
  });
  await create(world.admin, 'Alpha');

  expect(said(await set(world.admin, 1, { name: 'x' }))).toEqual(['201']);
  expect(trace).toEqual(['patient', 'other', 'patient']);
  expect(said(await set(world.admin, 1, { note: 'x' }))).toEqual(['401']);
  expect(await shownValue(world.admin, 1, 'note')).toBe('');
});

test('cce 17.86: handlers that cause each other end at depth 50, and a write without effect ends the chain before', async () => {
  let runs = 0;
  const count: NativeHandler = async ({ connection }) => {
    runs += 1;
    const reply = await set(connection, 1, { number: String(runs) });
    return reply.end === 201 ? 'SUCCESS' : 'FAIL';
  };
  const same: NativeHandler = async ({ connection }) => {
    runs += 1;
    await set(connection, 1, { note: 'done' });
    return 'SUCCESS';
  };
  await using world = await newWorld({ conf: 'Alpha.number native:count\nAlpha.note native:same', native: { count, same } });
  await create(world.admin, 'Alpha');

  expect(said(await set(world.admin, 1, { number: '100' }))).toEqual(['401']);
  expect(runs).toBe(50);
  expect(await shownValue(world.admin, 1, 'number')).toBe('7');
  runs = 0;
  expect(said(await set(world.admin, 1, { note: 'x' }))).toEqual(['201']);
  expect(runs).toBe(2);
  expect(await shownValue(world.admin, 1, 'note')).toBe('done');
});

test('cce 17.87: a handler that takes too long is told to end and has failed, and what it still tries changes nothing', async () => {
  const late = Promise.withResolvers<HandlerCall>();
  const never: NativeHandler = (call) => {
    late.resolve(call);
    return new Promise(() => undefined);
  };
  await using world = await newWorld({ conf: 'Alpha.name native:never', native: { never }, handlerTimeoutMs: 1000 });
  await create(world.admin, 'Alpha');
  const reply = set(world.admin, 1, { name: 'x' });
  const call = await late.promise;
  expect(call.signal.aborted).toBe(false);
  world.clock.advance(1000);

  expect(said(await reply)).toEqual(['401']);
  expect(call.signal.aborted).toBe(true);
  expect(call.connection.state).toBe('CLOSED');
  await expect(set(call.connection, 1, { name: 'y' })).rejects.toMatchObject({ code: 'CCE_ENGINE_CLOSED' });
  expect(said(await set(world.admin, 1, { note: 'x' }))).toEqual(['201']);
  expect(await shownValue(world.admin, 1, 'name')).toBe('');
});

test('cce 17.88: a rollback handler reads what would have been, and may write nothing', async () => {
  const heard: string[][] = [];
  const undo: NativeHandler = async ({ connection }) => {
    heard.push([...said(await get(connection, 1))].filter((line) => line.includes('name')));
    heard.push([...said(await set(connection, 1, { name: 'z' }))], [...said(await create(connection, 'Beta'))]);
    heard.push([...said(await plain(connection, 'BEGIN'))], [...said(await connection.execute({ verb: 'INFO', message: 'x' }))]);
    return 'FAIL';
  };
  await using world = await newWorld({
    conf: 'Alpha.name native:undo CLEANUP.rollback\nAlpha.name native:tidy CLEANUP\nAlpha.name native:fail',
    native: { undo, fail, tidy: async () => 'SUCCESS' },
  });
  await create(world.admin, 'Alpha', { name: 'old' });
  const reply = await set(world.admin, 1, { name: 'new' });

  expect(said(reply)).toEqual(['401']);
  expect(reply.rollback).toEqual(['1..name']);
  expect(heard).toEqual([['102 name old', '103 name new'], ['402'], ['402'], ['402'], ['402']]);
  expect(world.warnings).toContain('a rollback handler failed');
});

test('a refusal before any handler is no rollback', async () => {
  await using world = await newWorld({ conf: 'Alpha.name native:ok', native: { ok } });
  await create(world.admin, 'Alpha');

  expect(await set(world.admin, 1, { enabled: 'x' })).not.toHaveProperty('rollback');
  expect((await set(world.admin, 1, { name: 'x' })).rollback).toBeUndefined();
});

test('a handler has the rights of an admin, tells WHOAMI who caused it, and loses the rights by AUTH', async () => {
  const heard: string[][] = [];
  const look: NativeHandler = async ({ connection, callerOid }) => {
    heard.push([callerOid], [...said(await plain(connection, 'WHOAMI'))], [...said(await set(connection, 1, { secret: 's' }))]);
    await connection.execute({ verb: 'AUTH', user: '', password: '' });
    heard.push([...said(await plain(connection, 'WHOAMI'))], [...said(await set(connection, 1, { secret: 't' }))]);
    return 'SUCCESS';
  };
  await using world = await newWorld({ conf: 'Alpha.name native:look', native: { look } });
  await create(world.admin, 'Alpha');
  await create(world.admin, 'User', { name: 'ann' });
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });

  expect(said(await set(ann, 1, { name: 'x' }))).toEqual(['201']);
  expect(heard).toEqual([['2'], ['104 2', '201'], ['201'], ['104 -1', '201'], ['304 secret', '401']]);
  expect(await shownValue(world.admin, 1, 'secret')).toBe('s');
});

test('a transaction of a handler is a branch: COMMIT runs its handlers, and leaving it open discards it', async () => {
  const betas: string[] = [];
  const branch: NativeHandler = async ({ connection }) => {
    await plain(connection, 'BEGIN');
    await create(connection, 'Beta', { name: 'kept' });
    await create(connection, 'Beta', { name: 'kept too' });
    expect(betas).toEqual([]);
    expect(said(await plain(connection, 'COMMIT'))).toEqual(['201']);
    expect(betas).toHaveLength(2);
    await plain(connection, 'BEGIN');
    await create(connection, 'Beta', { name: 'lost' });
    return 'SUCCESS';
  };
  const beta: NativeHandler = async (call) => {
    betas.push(...eventsOf(call));
    return 'SUCCESS';
  };
  await using world = await newWorld({ conf: 'Alpha.name native:branch\nBeta._CREATE native:beta', native: { branch, beta } });
  await create(world.admin, 'Alpha');

  expect(said(await set(world.admin, 1, { name: 'x' }))).toEqual(['201']);
  expect(said(await find(world.admin, 'Beta'))).toEqual(['104 2', '104 3', '201']);
});

test('cleanup handlers may write, and their failure is only logged', async () => {
  const tidy: NativeHandler = async ({ connection }) => {
    expect(said(await create(connection, 'Beta', { name: 'tidy' }))).toEqual(['104 2', '201']);
    return 'FAIL';
  };
  const more: string[] = [];
  const after: NativeHandler = async (call) => {
    more.push(...eventsOf(call));
    return 'SUCCESS';
  };
  await using world = await newWorld({
    conf: 'Alpha._CREATE native:tidy CLEANUP\nBeta._CREATE native:after CLEANUP',
    native: { tidy, after },
  });
  const reply = await create(world.admin, 'Alpha');

  expect(said(reply)).toEqual(['104 1', '201']);
  expect(reply.events).toEqual(['1._CREATE', '2._CREATE']);
  expect(more).toEqual(['2._CREATE']);
  expect(world.warnings).toContain('a cleanup handler failed');
});

test('cleanup handlers that cause themselves come to an end, and the transaction is committed', async () => {
  let runs = 0;
  await using world = await newWorld({
    conf: 'Alpha.number native:count CLEANUP',
    native: {
      count: async ({ connection }) => {
        runs += 1;
        await set(connection, 1, { number: String(100 + runs) });
        return 'SUCCESS';
      },
    },
  });
  await create(world.admin, 'Alpha');

  expect(said(await set(world.admin, 1, { number: '1' }))).toEqual(['201']);
  expect(runs).toBe(50);
  expect(await shownValue(world.admin, 1, 'number')).toBe('150');
  expect(world.warnings).toContain('cleanup handlers cause each other without end');
});

test('a binding to a function that there is not fails, also when objects of JavaScript have one of that name', async () => {
  await using world = await newWorld({ conf: 'Alpha.name native:constructor' });
  await create(world.admin, 'Alpha');

  expect(said(await set(world.admin, 1, { name: 'x' }))).toEqual(['401']);
});

test('a conflict in the store after the handlers ran is told to the rollback handlers', async () => {
  const undone: string[] = [];
  const undo: NativeHandler = async (call) => {
    undone.push(`${eventsOf(call).join(' ')}${call.connection.greeting().rollback ? ' 111' : ''}`);
    return 'SUCCESS';
  };
  await using world = await newWorld({ conf: 'Unique._CREATE native:undo CLEANUP.rollback', native: { undo } });
  await create(world.admin, 'Unique', { tag: 'x' });
  undone.length = 0;
  const reply = await create(world.admin, 'Unique', { tag: 'x' });

  expect(said(reply)).toEqual(['104 2', '306 CONFLICT 2', '401']);
  expect(undone).toEqual(['2._CREATE', '2._CREATE 111']);
  expect(reply.rollback).toEqual(['2._CREATE']);
});

test.each([
  ['an unknown function', {}],
  ['a function that throws', { broken: async () => Promise.reject(new Error('broken')) }],
])('%s is a failure, with a line in the log', async (_what, native: Record<string, NativeHandler>) => {
  await using world: World = await newWorld({ conf: 'Alpha.name native:broken', native });
  await create(world.admin, 'Alpha', { name: 'a' });

  expect(said(await set(world.admin, 1, { name: 'b' }))).toEqual(['401']);
  expect(world.warnings).toContain('a handler broke off');
});

test('the daemon flags: no handlers, every transaction fails, nothing is written', async () => {
  await using free = await newWorld({ conf: 'Alpha._CREATE native:fail', native: { fail }, noHandlers: true });
  await using failing = await newWorld({ failTransactions: true });
  await using reading = await newWorld({ readOnly: true });

  expect(said(await create(free.admin, 'Alpha'))).toEqual(['104 1', '201']);
  expect(said(await create(failing.admin, 'Alpha'))).toEqual(['104 1', '401']);
  expect(said(await create(reading.admin, 'Alpha'))).toEqual(['104 1', '401']);
  expect(said(await find(reading.admin, 'Alpha'))).toEqual(['201']);
});

test('a program of a binding gets a connection, and its words decide; without programs it fails', async () => {
  const runs: string[] = [];
  const programs = {
    run: async (program: { readonly type: string; readonly path: string }, call: HandlerCall) => {
      runs.push(`${program.type}:${program.path}`);
      await set(call.connection, 1, { note: 'ran' });
      await call.connection.execute({ verb: 'BYE', flag: 'SUCCESS' });
      return 'SUCCESS' as const;
    },
    accepts: async () => true,
  };
  const conf = 'Alpha.name exec:base/alpha.sh\nAlpha.number test:anything';
  await using world = await newWorld({ conf, programs });
  await using without = await newWorld({ conf });
  for (const { admin } of [world, without]) await create(admin, 'Alpha');

  expect(said(await set(world.admin, 1, { name: 'x' }))).toEqual(['201']);
  expect(runs).toEqual(['exec:base/alpha.sh']);
  expect(await shownValue(world.admin, 1, 'note')).toBe('ran');
  expect(said(await set(world.admin, 1, { number: '1' }))).toEqual(['201']);
  expect(said(await set(without.admin, 1, { name: 'x' }))).toEqual(['401']);
});

test('a store that breaks after the handlers ran is told to the rollback handlers', async () => {
  const undone: boolean[] = [];
  const undo: NativeHandler = async ({ connection }) => {
    undone.push(connection.greeting().rollback);
    return 'SUCCESS';
  };
  const storage = new MemoryStorage();
  await using world = await newWorld({ storage, conf: 'Alpha.name native:undo CLEANUP.rollback', native: { undo } });
  await create(world.admin, 'Alpha');
  storage.commit = async () => Promise.reject(new Error('away'));

  await expect(set(world.admin, 1, { name: 'x' })).rejects.toThrow('away');
  expect(undone).toEqual([false, true]);
});

test('a caller that goes away stops its handlers, the rollback handlers still run, and nothing is changed', async () => {
  const undone: string[] = [];
  const undo: NativeHandler = async (call) => {
    undone.push(...said(await get(call.connection, 1)).filter((line) => line.startsWith('103')));
    return 'SUCCESS';
  };
  const started = Promise.withResolvers<void>();
  const wait: NativeHandler = ({ signal }) =>
    new Promise((_resolve, reject) => {
      started.resolve();
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  await using world = await newWorld({ conf: 'Alpha.name native:wait\nAlpha.name native:undo CLEANUP.rollback', native: { wait, undo } });
  await create(world.admin, 'Alpha', { name: 'old' });
  const other = await world.engine.connect({ kind: 'admin' });
  const write = set(other, 1, { name: 'new' });
  const refused = expect(write).rejects.toMatchObject({ code: 'CCE_ENGINE_CLOSED' });
  await started.promise;
  await other[Symbol.asyncDispose]();

  await refused;
  expect(undone).toEqual(['103 name new']);
  expect(await shownValue(world.admin, 1, 'name')).toBe('old');
  await until(async () => said(await set(world.admin, 1, { note: 'free' })).at(-1) === '201');
});
