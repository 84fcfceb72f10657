import { expect, test } from 'vitest';
import { captureLog } from './index.ts';

test('remembers every line of every level, as the real log would write it', () => {
  const captured = captureLog();
  captured.log.trace({ password: 'hush-4711' }, 'one');
  captured.log.child({ bridge: 'x' }).error('two');

  expect(captured.lines()).toMatchObject([
    { level: 'trace', msg: 'one' },
    { level: 'error', msg: 'two', bridge: 'x' },
  ]);
  expect(captured.text()).not.toContain('hush');
});
