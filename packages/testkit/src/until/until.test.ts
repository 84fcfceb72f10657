import { describe, expect, test } from 'vitest';
import { until } from './index.ts';

describe('until', () => {
  test('gives the first truthy value', async () => {
    const values = [undefined, 0, '', 'here'];

    expect(await until(() => values.shift())).toBe('here');
  });

  test('takes an error for "not yet", and tells it at the deadline', async () => {
    const waiting = until(() => Promise.reject(new Error('connection refused')), { timeoutMs: 5, what: 'the server' });

    await expect(waiting).rejects.toMatchObject({
      message: 'timed out after 5 ms waiting for the server',
      cause: { message: 'connection refused' },
    });
  });

  test('stops when aborted', async () => {
    await expect(until(() => false, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
