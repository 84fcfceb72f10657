import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { hasEnded, processName } from '../src/service/process-name.ts';

test('this process runs, and so does a gateway of another machine for all that is known here', () => {
  const name = processName();

  expect(hasEnded(name)).toBe(false);
  expect(hasEnded(name.replace(/^./, (digit) => (digit === '0' ? '1' : '0')))).toBe(false);
  expect(hasEnded('2b9f3a52-8d2c-4e0a-8f6e-3d0a3b0f3c11')).toBe(false);
  expect(processName()).not.toBe(name);
});

test('a process that has ended is known to have, also when its id is used again', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const [machine, , start] = processName().split('.');

  expect(hasEnded(`${machine}.${pid}.${start}.x`)).toBe(true);
  expect(hasEnded(`${machine}.${process.pid}.1.x`)).toBe(true);
});
