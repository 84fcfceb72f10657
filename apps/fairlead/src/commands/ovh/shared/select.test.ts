import { expect, test } from 'vitest';
import { isPath, selectPath } from './select.ts';

const VALUE = {
  name: 'a',
  deep: {
    'a.b': 1,
    list: [
      { id: 1, tags: ['x', 'y'] },
      { id: 2, tags: [] },
    ],
  },
  map: { one: { state: 'ok' }, two: { state: 'error' } },
};

test.each([
  ['name', 'a'],
  ['.name', 'a'],
  ['deep.list.0.id', 1],
  ['deep.list[1].id', 2],
  ['deep."a.b"', 1],
  ['deep.list[].id', [1, 2]],
  ['deep.list.*.id', [1, 2]],
  ['deep.list[*].tags[]', ['x', 'y']],
  ['deep.list[].tags.0', ['x', null]],
  ['map.*.state', ['ok', 'error']],
  ['absent', null],
  ['name.deeper', null],
  ['name[]', []],
  ['toString', null],
  ['deep.list.length', 2],
])('%s', (path, expected) => {
  expect(selectPath(VALUE, path)).toEqual(expected);
});

test('an empty path is the whole value', () => {
  expect(selectPath(VALUE, '')).toBe(VALUE);
  expect(selectPath(VALUE, '.')).toBe(VALUE);
});

test.each(['a..b', 'a.', 'a[', 'a]', 'a[x]', '"a', 'a"b"', `${'a.'.repeat(40)}a`])('%s is no path', (path) => {
  expect(isPath(path)).toBe(false);
  expect(() => selectPath({}, path)).toThrow(/is no path/);
});
