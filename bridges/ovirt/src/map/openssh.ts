import { X509Certificate } from 'node:crypto';

/** The public key of a certificate as a line of `authorized_keys` (RFC 4253 6.6, RFC 5656 3.1); undefined for other kinds of keys. */
export function opensshKey(pem: string): string | undefined {
  const jwk = new X509Certificate(pem).publicKey.export({ format: 'jwk' });
  if (jwk.kty === 'EC' && jwk.crv === 'P-256' && jwk.x && jwk.y) {
    const point = Buffer.concat([Buffer.from([4]), Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]);
    return line('ecdsa-sha2-nistp256', [Buffer.from('nistp256'), point]);
  }
  if (jwk.kty === 'RSA' && jwk.e && jwk.n) return line('ssh-rsa', [number(jwk.e), number(jwk.n)]);
  return undefined;
}

function line(name: string, fields: readonly Buffer[]): string {
  const blob = Buffer.concat([Buffer.from(name), ...fields].flatMap((field) => [lengthOf(field), field]));
  return `${name} ${blob.toString('base64')} ovirt-engine\n`;
}

/** A positive number has no sign bit set (RFC 4251 5). */
function number(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

function lengthOf(field: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(field.length);
  return length;
}
