/** Keys whose values never reach the log, in lower case without `_` and `-`. */
const secretKeys = new Set([
  'accesstoken',
  'apikey',
  'authorization',
  'clientsecret',
  'cookie',
  'customscript',
  'hmacsecret',
  'passwd',
  'password',
  'proxyauthorization',
  'refreshtoken',
  'secret',
  'secretkey',
  'sessionkey',
  'setcookie',
  'signature',
  'ticket',
  'token',
  'userdata',
]);

const mask = '[secret]';

/** Left as they are for the serializers of these names, which need the real objects. */
const serialized = new Set(['req', 'res']);

/** A copy without secrets, to the depth of four; what lies deeper is left out, so that no huge or circular thing is written. */
export function redacted(value: Readonly<Record<string, unknown>>, depth = 4): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (isSecretKey(key) && isSaid(inner)) return [key, mask];
      return [key, serialized.has(key) ? inner : redactedValue(inner, depth - 1)];
    }),
  );
}

function redactedValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value;
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (depth <= 0) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redactedValue(item, depth - 1));
  return redacted(value as Record<string, unknown>, depth);
}

function isSecretKey(key: string): boolean {
  return secretKeys.has(key.toLowerCase().replace(/[_-]/g, ''));
}

/** Booleans, numbers and nothing tell no secret (`{ password: true }` says that one was given). */
function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'boolean' && value !== '';
}
