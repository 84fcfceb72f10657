import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** What surprised in the recordings of CloudStack 4.23 is numbered from 1 to 43. */
const FACTS = Array.from({ length: 43 }, (_value, index) => index + 1);

/** Facts, or parts of them, that the fake does not simulate, and why. */
const NOT_SIMULATED: Readonly<Record<number, string>> = {
  16: 'that the 30 s are kept is not waited for: the test shortens them',
  19: 'a call without the cookie of the session ends none, because the fake cannot know which',
};

/** Numbers at which titles of `facts-*.test.ts` begin. */
function tested(): Set<number> {
  const files = readdirSync(import.meta.dirname).filter((name) => /^facts-.*\.test\.ts$/.test(name));
  const texts = files.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/^(?:test\(|\]\)\(|test\.each\(.*\)\()['"`](\d+) /gm)].map(([, fact]) => Number(fact))),
  );
}

test('every fact of the recordings has a test that is called after it', () => {
  const lines = Object.entries(NOT_SIMULATED).map(([fact, reason]) => `  ${fact}: ${reason}`);
  process.stdout.write(`facts of CloudStack 4.23 not simulated, or not wholly: ${lines.length}\n${lines.join('\n')}\n`);
  const found = tested();
  expect(FACTS.filter((fact) => !found.has(fact))).toEqual([]);
});
