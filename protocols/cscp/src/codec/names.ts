const NAME = /^[A-Za-z0-9_+]+$/;
const KEY = /^[A-Za-z0-9_+]+(?:\.[A-Za-z0-9_+]+)?$/;
const DIGITS = /^[0-9]+$/;
const SORT_TYPE = /^(?:ascii|old_numeric|ip|hostname|locale\([A-Za-z0-9_.@-]*\))$/;
const SECRET = /pass|secret|api_key|crypt/i;

/** Whether a class, namespace or property can stand in a command without quotes. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Whether it is `property` or `Namespace.property`. */
export function isQualifiedName(text: string): boolean {
  return KEY.test(text);
}

/** Whether it has digits only. */
export function isDigits(text: string): boolean {
  return DIGITS.test(text);
}

/** The OID without leading zeros when it has digits only. */
export function canonicalOid(text: string): string {
  return isDigits(text) ? text.replace(/^0+(?=[0-9])/, '') : text;
}

/** Whether FIND knows the order: `ascii`, `old_numeric`, `ip`, `hostname`, `locale(xx_YY)` (cce 1.7). */
export function isSortType(type: string): boolean {
  return SORT_TYPE.test(type);
}

/** Whether values of the key must not be shown (cce 10). */
export function isSecretKey(key: string): boolean {
  return SECRET.test(key);
}
