import { afterAll, describe, expect, test } from 'vitest';
import { scenes } from './seed/examples.ts';
import { playScene } from './seed/play.ts';
import { startJsonRig } from './support/json-rig.ts';
import { STANDS } from './support/stands.ts';

const EXAMPLES = scenes.reduce((sum, scene) => sum + scene.examples.length, 0);

const numbered = scenes.map((scene) => ({ numbers: '17.92', ...scene }));

describe.each(STANDS)('the documented examples over $name', (stand) => {
  let played = 0;

  test.each(numbered)('cce $numbers: $title', async (scene) => {
    await using rig = await startJsonRig({ stand });
    played += await playScene(rig, scene);
  });

  afterAll(() => {
    expect(played).toBe(EXAMPLES);
    process.stdout.write(`${played} of ${EXAMPLES} documented examples hold over ${stand.name}\n`);
  });
});
