import { isRecord } from './answer.ts';
import { CloudStackError } from './errors.ts';

/** `default.page.size`: a larger page is 431 (ovirt spec 9.5). */
export const PAGE_SIZE = 500;
/** More than any cloud holds; a list that never ends must end. */
export const MAX_PAGES = 20_000;

/** The items of a list's answer: its only array, whatever the key (`vmSnapshot`, `asyncjobs`, `null`). */
export function itemsOf(answer: unknown, command: string): readonly unknown[] {
  const arrays = isRecord(answer) ? Object.values(answer).filter((value) => Array.isArray(value)) : undefined;
  if (arrays === undefined || arrays.length > 1) {
    const text = `CloudStack's answer to ${command} holds ${arrays === undefined ? 'no object' : 'several lists'}`;
    throw new CloudStackError('CLOUDSTACK_BAD_ANSWER', text, { command });
  }
  return arrays[0] ?? [];
}

/** `count`: the total of all pages; 0 where it is absent, as in an empty result. */
export function countOf(answer: unknown): number {
  const count = isRecord(answer) ? answer.count : undefined;
  return typeof count === 'number' ? count : 0;
}

/** Some commands ignore `page` and give everything again: the same first item means that. */
export function isRepeated(page: readonly unknown[], before: readonly unknown[] | undefined): boolean {
  return before !== undefined && before.length > 0 && JSON.stringify(page[0]) === JSON.stringify(before[0]);
}
