import { expect, test } from 'vitest';
import { type Catalogue, checkCatalogues, namedCases } from './catalogue.ts';

const catalogue: Catalogue = {
  name: 'imageio',
  chapter: 17,
  last: 4,
  reasons: { leftOut: { 3: 'not there' }, partly: { 2: 'half' } },
};

function check(...titles: readonly string[]) {
  const text = titles.map((title) => `test('${title}', () => {});`).join('\n');
  const sources = [{ path: 'protocols/a/src/x.test.ts', text }];
  const pack = { name: 'a', dir: 'protocols/a', kind: 'protocol' as const, manifest: {}, files: [], sources };
  return checkCatalogues({ packages: [pack], manifest: {} }, [catalogue]);
}

test('titles of tests and groups name cases of several catalogues', () => {
  const text = "describe('imageio 17.1, 17.2, ovirt 12.5: x'); test.each([1])('imageio 17.4: %s', () => {}); // imageio 17.3: no title";
  const tests = [{ path: 'x.test.ts', text }];

  expect([...namedCases(tests, { name: 'imageio', chapter: 17 }).keys()]).toEqual([1, 2, 4]);
  expect([...namedCases(tests, { name: 'ovirt', chapter: 12 }).keys()]).toEqual([5]);
});

test('all named or listed is good, and both are counted', () => {
  const { findings, notes } = check('imageio 17.1, 17.2: a', 'imageio 17.4: b');

  expect(findings).toEqual([]);
  expect(notes).toEqual(['imageio 17: 3 of 4 cases named by tests (1 of them in part), 1 listed with a reason']);
});

test.each([
  [['imageio 17.1, 17.2: a'], '17.4 is neither named by a test nor listed'],
  [['imageio 17.1, 17.2, 17.4: a', 'imageio 17.3: b'], 'names imageio 17.3, which is listed as left out'],
  [['imageio 17.1, 17.2, 17.4, 17.5: a'], 'names imageio 17.5; there are 1 to 4'],
  [['imageio 17.1, 17.4: a'], '17.2 is listed as proven in part, but no test names it'],
])('%j is a finding', (titles, text) => {
  expect(
    check(...titles)
      .findings.map((finding) => finding.text)
      .join('\n'),
  ).toContain(text);
});
