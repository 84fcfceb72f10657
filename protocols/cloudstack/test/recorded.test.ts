import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RecordedCase, readNotCompared, readRecorded, type TypeCode } from './recorded/case.ts';
import { givenOf } from './recorded/given.ts';
import { outgoing, type Received, send } from './recorded/send.ts';
import { shapeChecker } from './recorded/shape.ts';
import { EVERYBODY, type Inhabitant, USUAL, World } from './recorded/world.ts';

const recorded = readRecorded();

/** `listApis` of the fake says nothing of answers and relations; `since` depends on the API that stands for the recorded one. */
const TOLERATED = [/^\.listapisresponse\.api\.(response|related|since)$/, /^\.listapisresponse\.api\.params\.(related|since)$/];

const notCompared = readNotCompared();

/** Everything that is not named there. */
const cases = recorded.cases.filter(({ name }) => notCompared[name] === undefined);

let shared: World;
/** Answers that were compared: of sessions, keys, lists and changes (groups 01 to 19), and of the backup export. */
const compared = { common: 0, export: 0 };

beforeAll(async () => {
  shared = await World.open({ inhabitants: USUAL });
});

afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  const names = Object.entries(notCompared).map(([name, reason]) => `  ${name}: ${reason}`);
  const groups = `${compared.common} of groups 01 to 19, ${compared.export} of groups 20 to 28 and 90`;
  process.stdout.write(`recorded CloudStack answers compared: ${groups}; not compared: ${names.length}\n${names.join('\n')}\n`);
});

describe('the fake answers as the recorded server', () => {
  test.each(cases.map((item) => [item.name, item] as const))('%s', async (_name, item) => {
    if (isShared(item)) return replay(shared, item);
    await using world = await World.open({ at: givenOf(item.name).at, inhabitants: inhabitantsOf(item) });
    await replay(world, item);
  });
});

test('every recording that is not compared is one, and has a reason', () => {
  const names = new Set(recorded.cases.map(({ name }) => name));
  expect(Object.keys(notCompared).filter((name) => !names.has(name))).toEqual([]);
  expect(Object.values(notCompared).filter((reason) => reason.length < 20)).toEqual([]);
});

/** One more answer is as it was recorded. */
function count({ name }: RecordedCase): void {
  if (name < '20') compared.common += 1;
  else compared.export += 1;
}

/** Calls that change nothing and need nothing special share a world. */
function isShared(item: RecordedCase): boolean {
  const special = Object.keys(givenOf(item.name)).length > 0;
  return !special && isReading(item) && named(item).every((name) => USUAL.includes(name));
}

function isReading(item: RecordedCase): boolean {
  return /^(list|get)[A-Z]/.test(item.request.command ?? '');
}

/** What the case asks for, and what its request names. */
function inhabitantsOf(item: RecordedCase): Inhabitant[] {
  const usual = isReading(item) && /^\{?.*(VirtualMachine|Volume)/.test(item.request.command ?? '') ? USUAL : [];
  return [...new Set([...(givenOf(item.name).with ?? usual), ...named(item)])];
}

function named(item: RecordedCase): Inhabitant[] {
  const text = JSON.stringify(item.request).replaceAll('vm-one-x', 'vm-one');
  const owners: Inhabitant[] = /(DATA|ROOT)-4\}|nic\/net-alice|host\/Simulator/.test(text) ? ['vm-one'] : [];
  return [...new Set([...EVERYBODY.filter((name) => new RegExp(`/${name}\\}`).test(text)), ...owners])];
}

async function replay(world: World, item: RecordedCase): Promise<void> {
  const given = givenOf(item.name);
  const vm = world.fake.cloud.vms.find((row) => row.name === 'vm-one');
  if (vm !== undefined) world.aliases.set('virtualmachine/vm-one-x', vm.id);
  await given.world?.(world);
  const job = item.pending ?? item.done ?? item.failed;
  world.fake.cloud.jobs.delayMs = job === undefined ? 0 : 5000;
  const out = outgoing(world, item);
  await given.request?.(out, world);
  const answer = await send(world, out);
  compare(answer, item);
  count(item);
  if (job !== undefined) await replayJob(world, item, answer);
}

/** What is looked at in a poll of a job. */
interface Poll {
  readonly cmd?: string;
  readonly jobresult?: { readonly errorcode?: number };
}

async function replayJob(world: World, item: RecordedCase, answer: Received): Promise<void> {
  const jobid = Object.values(answer.json as Record<string, { jobid: string }>)[0]?.jobid ?? '';
  const poll = async (shape: TypeCode | undefined) => {
    if (shape === undefined) return;
    const params = [
      ['command', 'queryAsyncJobResult'],
      ['jobid', jobid],
      ['response', 'json'],
    ] as const;
    const as = world.fake.user(item.as ?? 'admin');
    const out = { ...outgoing(world, item), method: 'GET', params: [...params], signer: as };
    const { json } = await send(world, out);
    same(item, shape, json);
    const { cmd, jobresult } = (json as { queryasyncjobresultresponse: Poll }).queryasyncjobresultresponse;
    expect(cmd).toBe(item.cmd);
    count(item);
    return jobresult;
  };
  await poll(item.pending);
  world.fake.clock.advance(5000);
  await poll(item.done);
  const failure = await poll(item.failed);
  if (item.joberror !== undefined) expect(failure?.errorcode).toBe(item.joberror);
}

function compare(answer: Received, item: RecordedCase): void {
  const inner = (Object.values((answer.json ?? {}) as Record<string, unknown>)[0] ?? {}) as Record<string, unknown>;
  const envelope = item.envelope === undefined ? undefined : Object.keys((answer.json ?? {}) as object)[0];
  expect({ status: answer.status, type: answer.type, envelope, errorcode: inner.errorcode, cserrorcode: inner.cserrorcode }).toEqual({
    status: item.status,
    type: item.type,
    envelope: item.envelope,
    errorcode: item.errorcode,
    cserrorcode: item.cserrorcode,
  });
  if (item.body !== undefined && item.method !== 'HEAD') same(item, item.body, answer.json);
}

function same({ name }: RecordedCase, shape: TypeCode, json: unknown): void {
  const tolerated = [...TOLERATED, ...(givenOf(name).tolerate ?? [])];
  const differences = shapeChecker(recorded.shapes, tolerated).differences(shape, json);
  expect(differences, differences.join('; ')).toEqual([]);
}
