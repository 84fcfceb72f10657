const STANDARD = /^[A-Za-z0-9+/]*={0,2}$/;
const URL_SAFE = /^[A-Za-z0-9_-]*={0,2}$/;

/** The bytes of standard or URL-safe base64, padding optional; undefined for anything else. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!STANDARD.test(text) && !URL_SAFE.test(text)) return undefined;
  // One letter left over holds no whole byte.
  return text.replace(/=+$/, '').length % 4 === 1 ? undefined : Buffer.from(text, 'base64');
}
