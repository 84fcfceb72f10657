import { expect, test } from 'vitest';
import { create, get, newWorld, plain, said, set, shownValue } from '../../test/support/world.ts';
import type { HandlerCall, HandlerOutcome, Program } from '../index.ts';

const SCHEMA = `
<rule name="ruleTest" type="exec" data="rules/test.sh" />
<typedef name="scalar" type="re" data="" />
<typedef name="even" type="extern" data="types/even" errmsg="[[test.odd]]" />
<class name="Vsite" createacl="ruleTest" destroyacl="ruleTest">
  <property name="name" type="scalar" writeacl="ruleTest" readacl="ruleTest OR ruleSelf" />
  <property name="number" type="even" optional="1" writeacl="ruleAll" />
  <property name="numbers" type="even" array="1" writeacl="ruleAll" />
</class>
<class name="User"><property name="name" type="scalar"/><property name="enabled" type="scalar" default="1"/></class>
`;

function programs(rule: (call: HandlerCall, program: Program) => Promise<HandlerOutcome>) {
  return {
    run: (program: Program, call: HandlerCall) => rule(call, program),
    accepts: async (_program: Program, value: string) => Number(value) % 2 === 0,
  };
}

test('cce 17.66: the program of a rule reads with the rights of an admin, knows who asks, writes nothing, and only BYE SUCCESS allows', async () => {
  const heard: string[] = [];
  let outcome: HandlerOutcome = 'SUCCESS';
  const rule = async ({ connection, events, callerOid }: HandlerCall, { type, path }: Program): Promise<HandlerOutcome> => {
    const [target] = events;
    heard.push(`${type}:${path} ${target?.class} ${callerOid} ${said(await plain(connection, 'WHOAMI')).join(' ')}`);
    heard.push((await shownValue(connection, target?.oid ?? '', 'name')) ?? '');
    heard.push(...said(await set(connection, target?.oid ?? '', { name: 'x' })));
    return outcome;
  };
  await using world = await newWorld({ schema: SCHEMA, programs: programs(rule) });
  await create(world.admin, 'User', { name: 'ann' });
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });

  expect(said(await create(ann, 'Vsite', { name: 'site1' }))).toEqual(['104 2', '201']);
  expect(heard.slice(0, 3)).toEqual(['exec:rules/test.sh Vsite 1 104 1 201', 'site1', '402']);
  outcome = 'FAIL';
  expect(said(await create(ann, 'Vsite'))).toEqual(['304 CREATE', '401']);
  expect(said(await set(ann, 2, { name: 'y' }))).toEqual(['304 name', '401']);
  expect(said(await get(ann, 2)).some((line) => line.includes('name'))).toBe(false);
  outcome = 'DEFER';
  expect(said(await set(ann, 2, { name: 'y' }))).toEqual(['304 name', '401']);
});

test('a rule whose program breaks, or that cannot run here, denies', async () => {
  await using broken = await newWorld({ schema: SCHEMA, programs: programs(async () => Promise.reject(new Error('broken'))) });
  await using without = await newWorld({ schema: SCHEMA });
  for (const world of [broken, without]) {
    await create(world.admin, 'User', { name: 'ann' });
    const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
    expect(said(await create(ann, 'Vsite'))).toEqual(['304 CREATE', '401']);
  }

  expect(broken.warnings).toContain('the program of a rule broke off');
});

test('under NOT a rule denies as well when its program says neither yes nor no, or cannot run', async () => {
  const schema = SCHEMA.replace('createacl="ruleTest"', 'createacl="NOT ruleTest"');
  const answers: Record<string, (call: HandlerCall) => Promise<HandlerOutcome>> = {
    broken: () => Promise.reject(new Error('broken')),
    silent: async () => 'FAIL',
    undecided: async ({ connection }) => said(await connection.execute({ verb: 'BYE', flag: 'DEFER' })) && 'DEFER',
    denying: async ({ connection }) => said(await connection.execute({ verb: 'BYE', flag: 'FAIL' })) && 'FAIL',
    allowing: async ({ connection }) => said(await connection.execute({ verb: 'BYE', flag: 'SUCCESS' })) && 'SUCCESS',
  };
  const made: string[] = [];
  for (const [name, answer] of [...Object.entries(answers), ['without', undefined] as const]) {
    await using world = await newWorld({ schema, programs: answer && programs(answer) });
    await create(world.admin, 'User', { name: 'ann' });
    const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
    if ((await create(ann, 'Vsite')).end === 201) made.push(name);
  }

  expect(made).toEqual(['denying']);
});

test('extern types ask their program about each element when that is allowed, and accept nothing otherwise', async () => {
  const run = async () => 'FAIL' as const;
  await using world = await newWorld({ schema: SCHEMA, programs: programs(run), allowExternTypes: true });
  await using without = await newWorld({ schema: SCHEMA, programs: programs(run) });
  for (const { admin } of [world, without]) await create(admin, 'Vsite');

  expect(said(await set(world.admin, 1, { number: '4', numbers: '&2&4&' }))).toEqual(['201']);
  expect(said(await set(world.admin, 1, { number: '5', numbers: '&2&5&' }))).toEqual([
    '302 1 number [[test.odd]]',
    '302 1 numbers [[test.odd]]',
    '401',
  ]);
  expect(said(await set(without.admin, 1, { number: '4' }))).toEqual(['302 1 number [[base-cce.unknownType]]', '401']);
});
