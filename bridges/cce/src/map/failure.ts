import type { GatewayError } from '@fairlead/kernel/errors';
import { formatJson } from './json.ts';

export interface FailureStyle {
  /** `Accept` of the request. */
  readonly accept: string | undefined;
  /** `error_format`. */
  readonly errorFormat: 'json' | 'text';
}

/** A refusal of the gateway itself (cce 5.6): JSON, because clients search its message, or the bare text and a line feed. */
export function formatFailure(error: GatewayError, style: FailureStyle): { readonly contentType: string; readonly body: string } {
  const { status, publicText: message } = error;
  if (style.errorFormat === 'text' || prefersText(style.accept)) return { contentType: 'text/plain; charset=utf-8', body: `${message}\n` };
  return { contentType: 'application/json', body: formatJson({ status, message }) };
}

/** Whether a header wants plain text more than JSON; JSON when it wants both alike (RFC 9110 12.5.1). */
export function prefersText(accept: string | undefined): boolean {
  if (accept === undefined || accept.length > 1000) return false;
  const wishes = accept.split(',').map(readWish);
  return weightOf(wishes, 'text', 'plain') > weightOf(wishes, 'application', 'json');
}

interface Wish {
  readonly type: string;
  readonly subtype: string;
  readonly weight: number;
}

function readWish(text: string): Wish {
  const [range = '', ...params] = text.split(';').map((part) => part.trim().toLowerCase());
  const [type = '', subtype = ''] = range.split('/');
  const q = params.find((param) => param.startsWith('q='))?.slice(2);
  const weight = q === undefined ? 1 : Number(q);
  return { type, subtype, weight: weight >= 0 && weight <= 1 ? weight : 0 };
}

/** The most specific range that fits decides. */
function weightOf(wishes: readonly Wish[], type: string, subtype: string): number {
  const exact = wishes.find((wish) => wish.type === type && wish.subtype === subtype);
  const family = wishes.find((wish) => wish.type === type && wish.subtype === '*');
  const any = wishes.find((wish) => wish.type === '*' && wish.subtype === '*');
  return (exact ?? family ?? any)?.weight ?? 0;
}
