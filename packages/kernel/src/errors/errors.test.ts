import { expect, test } from 'vitest';
import { defineErrors, FairleadError, GatewayError } from './index.ts';

const SampleError = defineErrors({ SAMPLE_NOT_FOUND: { status: 404, blame: 'caller', text: 'No sample {id}' } });

test('fills the public text from the detail', () => {
  expect(SampleError('SAMPLE_NOT_FOUND', { id: 'a' })).toMatchObject({ status: 404, publicText: 'No sample a', code: 'SAMPLE_NOT_FOUND' });
});

test('an unknown error becomes internal and keeps its text out of the public one', () => {
  const wrapped = GatewayError.from(new Error('password=x'));

  expect(wrapped.code).toBe('FAIRLEAD_INTERNAL');
  expect(wrapped.publicText).not.toContain('password');
  expect((wrapped.cause as Error).message).toBe('password=x');
});

test('a coded error stays itself', () => {
  const error = SampleError('SAMPLE_NOT_FOUND', { id: 'a' });

  expect(GatewayError.from(error)).toBe(error);
  expect(SampleError.is(error, 'SAMPLE_NOT_FOUND')).toBe(true);
  expect(SampleError.specs.map((spec) => spec.code)).toEqual(['SAMPLE_NOT_FOUND']);
});

test('every kernel code says what to do', () => {
  expect(FairleadError.specs.filter((spec) => !spec.help)).toEqual([]);
});
