const NUMBER = /^(?:[vV](?=[0-9])|([+-])(?=[0-9.]))?([0-9]*(?:\.[0-9]+)*)\.?$/;

/** A number or a dotted version, component by component. */
export interface NumericKey {
  readonly negative: boolean;
  /** Digits without leading zeros: of any length, so no JS numbers. */
  readonly parts: readonly string[];
}

/** The key of `60`, `-3`, `7.9`, `v1.2.3`; undefined for anything else. Linear. */
export function numericKey(value: string): NumericKey | undefined {
  const match = NUMBER.exec(value.trim());
  const digits = match?.[2] ?? '';
  if (digits === '') return undefined;
  const parts = digits.split('.').map(withoutZeros);
  return { negative: match?.[1] === '-' && parts.some((part) => part !== ''), parts };
}

/** cce 1.7 `old_numeric`: what is no number stands before every number. */
export function compareNumeric(a: NumericKey | undefined, b: NumericKey | undefined): number {
  if (!(a && b)) return Number(a !== undefined) - Number(b !== undefined);
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  return a.negative ? compareParts(b.parts, a.parts) : compareParts(a.parts, b.parts);
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const order = compareDigits(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function withoutZeros(digits: string): string {
  let at = 0;
  while (at < digits.length && digits.charAt(at) === '0') at += 1;
  return digits.slice(at);
}
