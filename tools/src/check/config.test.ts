import { section, text } from '@fairlead/kernel/config';
import { expect, test } from 'vitest';
import { configPages } from '../docs/config-pages.ts';
import { comparePages } from './config.ts';

const pages = configPages([section('sample', { word: text({ default: 'x', doc: 'A word.' }) }, { doc: 'A section.' })]);

test('pages made from the declared settings agree with themselves', () => {
  expect(comparePages(pages, pages)).toEqual([]);
});

test('a missing page is found', () => {
  expect(comparePages(pages, {}).map((finding) => finding.text)).toEqual(['is missing: run ./dev docs', 'is missing: run ./dev docs']);
});

test('a setting that changed is found at the first line that differs', () => {
  const changed = configPages([section('sample', { word: text({ default: 'y', doc: 'A word.' }) }, { doc: 'A section.' })]);

  const findings = comparePages(changed, pages);

  expect(findings.map((finding) => finding.file)).toEqual(['docs/reference/config.md', 'deploy/examples/fairlead.ini']);
  expect(findings.every((finding) => finding.text === 'is out of date: run ./dev docs' && (finding.line ?? 0) > 1)).toBe(true);
});
