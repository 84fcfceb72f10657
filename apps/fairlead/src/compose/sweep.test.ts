import { ManualClock } from '@fairlead/kernel/clock';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { captureLog } from '@fairlead/testkit/capture';
import { expect, test } from 'vitest';
import { sweepDaily } from './sweep.ts';

const DAY = 86_400_000;
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('old rows go at the start and daily, also after a day on which the store failed, and no more once it is closed', async () => {
  const clock = new ManualClock();
  const captured = captureLog();
  const swept: number[] = [];
  const sweep = async (keepMs: number) => {
    swept.push(keepMs);
    if (swept.length === 2) throw new Error('the store is away');
    return 7;
  };
  const audit = { sweep } as BridgeContext['audit'];
  const sweeping = sweepDaily({ audit, clock, log: captured.log }, 400 * DAY);
  for (let day = 0; day < 2; day++) {
    await settled();
    clock.advance(DAY);
  }
  await settled();
  await sweeping[Symbol.asyncDispose]();
  clock.advance(DAY);
  await settled();

  expect(swept).toEqual([400 * DAY, 400 * DAY, 400 * DAY]);
  expect(captured.lines()).toMatchObject([{ removed: 7 }, { level: 'error' }, { removed: 7 }]);
});
