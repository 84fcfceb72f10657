import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FuzzRecord, fuzz, fuzzPlan, hostileBytes, hostileText, mutatedBytes, mutatedText, readBeat } from '@fairlead/testkit/fuzz';
import { tempDir } from '@fairlead/testkit/temp';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllEnvs());

function follow(plan: Parameters<typeof fuzzPlan>[0]): void {
  for (const [name, value] of Object.entries(fuzzPlan(plan))) vi.stubEnv(name, value);
}

/** The inputs that a target sees. */
async function seen(options?: { readonly share: number }): Promise<number[]> {
  const inputs: number[] = [];
  await fuzz('testkit.seen', fc.integer(), (input) => void inputs.push(input), options);
  return inputs;
}

test('an ordinary run takes a hundred inputs for a share of one, and never more than three hundred', async () => {
  follow({});
  expect((await seen({ share: 10 })).length).toBe(300);
  expect((await seen()).length).toBe(100);
  expect((await seen({ share: 2.5 })).length).toBe(250);
});

test('a plan multiplies the inputs, and the same seed gives the same ones', async () => {
  follow({ times: 25, seed: 7 });
  const first = await seen();
  expect(first.length).toBe(2500);
  expect(await seen()).toEqual(first);
  follow({ times: 25, seed: 8 });
  expect(await seen()).not.toEqual(first);
});

test('a target that is not the wanted one runs nothing', async () => {
  follow({ only: 'testkit.other' });
  expect(await seen()).toEqual([]);
});

test('a refused input is told with seed and path, and both repeat it alone', async () => {
  const big = (input: number): void => {
    if (input > 1000) throw new Error(`too big: ${input}`);
  };
  follow({ seed: 3 });
  const failure: Error = await fuzz('testkit.big', fc.nat(), big).catch((error) => error);
  expect(failure.message).toContain('too big: 1001');
  const [, seed, path] = /--seed (-?\d+) --path ([\d:]+) testkit\.big$/.exec(failure.message) ?? [];

  follow({ seed: Number(seed), path: String(path) });
  const inputs: number[] = [];
  const again = fuzz('testkit.big', fc.nat(), (input) => {
    inputs.push(input);
    big(input);
  });
  await expect(again).rejects.toThrow('too big: 1001');
  expect(inputs[0]).toBe(1001);
});

test('the report counts inputs that were really run, and says what went wrong', async () => {
  await using folder = await tempDir();
  const report = join(folder.path, 'report');
  follow({ report, times: 2 });
  await fuzz('testkit.even', fc.nat(), (input) => fc.pre(input % 2 === 0));
  await fuzz('testkit.bad', fc.nat(), () => Promise.reject(new Error('bad thing'))).catch(() => undefined);

  const [even, bad] = (await readFile(report, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FuzzRecord);
  expect(even).toMatchObject({ name: 'testkit.even', file: import.meta.filename, runs: 100, inputs: 200 });
  expect(even?.peakBytes).toBeGreaterThan(0);
  expect(bad?.failure).toContain('bad thing');
});

test('a target that has to accept something fails when all is refused', async () => {
  follow({});
  await fuzz('testkit.some', fc.nat(), (input) => input % 50 === 0, { someAccepted: true, share: 5 });
  await expect(fuzz('testkit.none', fc.nat(), () => false, { someAccepted: true })).rejects.toThrow('none of 100 inputs was accepted');
});

test('the beat names the input that is being run', async () => {
  await using folder = await tempDir();
  const beat = join(folder.path, 'beat');
  follow({ beat, seed: 5, times: 11 });
  let last: ReturnType<typeof readBeat>;
  await fuzz('testkit.beat', fc.nat(), () => {
    last = readBeat(beat);
  });
  expect(last).toEqual({ name: 'testkit.beat', seed: 6, index: 99, count: 1100 });
});

test('what is made up reaches halves of characters, words of the parser, long runs, cut and swollen samples', async () => {
  const texts = fc.sample(hostileText({ words: ['w0rd'] }), { numRuns: 2000, seed: 1 });
  expect(texts.some((text) => !text.isWellFormed())).toBe(true);
  expect(texts.some((text) => text.includes('w0rd'))).toBe(true);
  expect(texts.some((text) => text.length > 3000)).toBe(true);
  expect(fc.sample(hostileBytes(), { numRuns: 500, seed: 1 }).some((bytes) => bytes.length > 50)).toBe(true);

  const sample = 'the sample of a text';
  const changed = fc.sample(mutatedText([sample], ['w0rd']), { numRuns: 2000, seed: 1 });
  expect(changed).toContain(sample);
  expect(changed.some((text) => text.includes('w0rd'))).toBe(true);
  const bytes = fc.sample(mutatedBytes([Buffer.from(sample)]), { numRuns: 2000, seed: 1 });
  expect(bytes.some((one) => one.length > sample.length) && bytes.some((one) => one.length < sample.length)).toBe(true);
  expect(bytes.some((one) => one.includes(Buffer.from([0xff, 0xff, 0xff, 0xff])))).toBe(true);
});
