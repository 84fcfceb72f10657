import { afterAll, describe, expect, test } from 'vitest';
import { scenes } from './seed/examples.ts';
import { playScene } from './seed/play.ts';
import type { Scene } from './seed/scene.ts';
import { transactionScenes } from './seed/transactions.ts';
import { startJsonRig } from './support/json-rig.ts';
import { STANDS } from './support/stands.ts';

const EXAMPLES = scenes.reduce((sum, scene) => sum + scene.examples.length, 0);

const others = scenes.filter((scene) => !transactionScenes.includes(scene));

describe.each(STANDS)('the documented examples over $name', (stand) => {
  let played = 0;

  async function play(scene: Scene): Promise<void> {
    await using rig = await startJsonRig({ stand });
    played += await playScene(rig, scene);
  }

  test.each(others)('cce 17.92: $title', play);
  test.each(transactionScenes)('cce 17.92, 17.119: $title', play);

  afterAll(() => {
    expect(played).toBe(EXAMPLES);
    process.stdout.write(`${played} of ${EXAMPLES} documented examples hold over ${stand.name}\n`);
  });
});
