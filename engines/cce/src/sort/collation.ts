import { compareBytewise } from './ascii.ts';

const LOCALE = /^locale\(\s*([A-Za-z0-9_.@-]{0,64})\s*\)$/;
/** Compiled collations that are kept: making one costs more than a small sort. */
const KEPT = 16;

type Comparator = (a: string, b: string) => number;

const kept = new Map<string, Comparator>();

/** The collation of `locale(en_US)`; also with a character set, `locale(en_US.UTF-8)`. Undefined for what names no locale. */
export function collationOf(type: string): Comparator | undefined {
  const name = LOCALE.exec(type)?.[1];
  if (name === undefined) return undefined;
  const plain = name.split(/[.@]/, 1)[0] ?? '';
  if (plain === '') return undefined;
  if (plain === 'C' || plain === 'POSIX') return compareBytewise;
  const known = kept.get(plain);
  if (known) return known;
  const made = makeCollation(plain.replaceAll('_', '-'));
  if (!made) return undefined;
  if (kept.size >= KEPT) kept.clear();
  kept.set(plain, made);
  return made;
}

function makeCollation(tag: string): Comparator | undefined {
  try {
    return new Intl.Collator(tag).compare;
  } catch {
    return undefined;
  }
}
