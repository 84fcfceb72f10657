import { expect, test } from 'vitest';
import type { ImageTransfers } from '../services/index.ts';
import { AsyncScope, ServiceRegistry } from './index.ts';

test('a scope closes in reverse order, the rest even when one part fails', async () => {
  const closed: string[] = [];
  const scope = new AsyncScope();
  scope.defer(() => void closed.push('first'));
  scope.defer(() => Promise.reject(new Error('stuck')));
  scope.defer(() => void closed.push('last'));

  await expect(scope[Symbol.asyncDispose]()).rejects.toThrow('stuck');

  expect(closed).toEqual(['last', 'first']);
});

test('a scope whose parts were moved closes nothing', async () => {
  const closed: string[] = [];
  const scope = new AsyncScope();
  scope.defer(() => void closed.push('part'));

  const moved = scope.move();
  await scope[Symbol.asyncDispose]();
  expect(closed).toEqual([]);
  await moved[Symbol.asyncDispose]();

  expect(closed).toEqual(['part']);
});

test('an absent service is a coded error, a provided one is found', () => {
  const services = new ServiceRegistry();
  const transfers = {} as ImageTransfers;
  expect(() => services.get('image.transfers')).toThrow(expect.objectContaining({ code: 'FAIRLEAD_SERVICE_ABSENT' }));

  services.provide('image.transfers', transfers);

  expect(services.get('image.transfers')).toBe(transfers);
  expect(() => services.provide('image.transfers', transfers)).toThrow(TypeError);
});
