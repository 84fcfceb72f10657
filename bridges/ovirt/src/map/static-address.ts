/**
 * The fixed IPv4 address in the cloud-init text of a backup tool's worker (ovirt 5.7.3): the first one of its `network_config.yml`
 * that is not given by DHCP. Anything else than the known form gives undefined.
 */
export function staticAddress(script: string): string | undefined {
  const file = script.indexOf('network_config.yml');
  if (file < 0) return undefined;
  const part = script.slice(file, file + 16_384);
  for (const block of part.split(/["']?ipv4["']?\s*:/).slice(1)) {
    const own = block.split(/["']?ipv6["']?\s*:/)[0] ?? '';
    const isOff = /["']?enabled["']?\s*:\s*["']?false/i.test(own) || /["']?dhcp["']?\s*:\s*["']?true/i.test(own);
    const address = /["']?ip["']?\s*:\s*["']?(\d{1,3}(?:\.\d{1,3}){3})\b/.exec(own)?.[1];
    if (!isOff && address !== undefined && address.split('.').every((part) => Number(part) <= 255)) return address;
  }
  return undefined;
}
