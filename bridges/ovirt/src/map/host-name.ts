const LONGEST = 63;

/**
 * A name that CloudStack accepts for an instance: a host name of ASCII letters, digits and hyphens, at most 63 of them, neither
 * beginning with a digit nor beginning or ending with a hyphen (ovirt 5.7.3).
 */
export function toHostName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[_\s.]/g, '-')
    .replace(/[^A-Za-z0-9-]/g, '')
    .replace(/^-+/, '');
  const begun = /^[A-Za-z]/.test(plain) ? plain : `vm-${plain}`;
  return begun.slice(0, LONGEST).replace(/-+$/, '');
}
