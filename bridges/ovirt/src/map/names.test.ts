import { expect, test } from 'vitest';
import { uniqueNames } from './names.ts';

const one = { id: '11111111-0000-4000-8000-000000000000', name: 'web', account: 'alice' };
const two = { id: '22222222-0000-4000-8000-000000000000', name: 'web', account: 'bob' };
const three = { id: '33333333-0000-4000-8000-000000000000', name: 'web', account: 'x', project: 'shop' };
const four = { ...two, id: '44444444-0000-4000-8000-000000000000' };

test('a name that is alone stays', () => {
  expect([...uniqueNames([one]).values()]).toEqual(['web']);
});

test('equal names get their owner, the project before the account', () => {
  expect([...uniqueNames([one, two, three]).values()]).toEqual(['web (alice)', 'web (bob)', 'web (shop)']);
});

test('the same owner twice gets the beginning of the id too', () => {
  expect([...uniqueNames([one, two, four]).values()]).toEqual(['web (alice)', 'web (bob, 22222222)', 'web (bob, 44444444)']);
});
