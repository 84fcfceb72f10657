import { Refusal, type RefusalText } from './refusal.ts';
import type { Unsettled } from './unsettled.ts';

const UNAUTHORIZED = 401;

/** A refusal as the fake was told to word those of which nobody knows the real words. @param now Unix ms */
export function worded(refusal: Refusal, unsettled: Unsettled, now: number): Refusal {
  const { status, text } = refusal;
  const { object, retryAfter } = text;
  const changes: Partial<RefusalText> = {
    ...(status === UNAUTHORIZED && text.class === 'Client::Unauthorized' ? { class: unsettled.unauthorizedClass } : {}),
    ...(object === undefined
      ? {}
      : { message: unsettled.missingObject.replace('{member}', () => object.member).replace('{value}', () => object.value) }),
    ...(retryAfter === undefined ? {} : { headers: { ...text.headers, ...retryHeader(retryAfter, unsettled.retryAfter, now) } }),
  };
  return Object.keys(changes).length === 0 ? refusal : new Refusal(status, { ...text, ...changes });
}

function retryHeader(seconds: number, form: Unsettled['retryAfter'], now: number): Record<string, string> {
  if (form === 'none') return {};
  return { 'Retry-After': form === 'date' ? new Date(now + seconds * 1000).toUTCString() : String(seconds) };
}
