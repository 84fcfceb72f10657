import { expect, test } from 'vitest';
import { staticAddress } from './static-address.ts';

const yaml = (ipv4: string) =>
  `#cloud-config\nwrite_files:\n- path: /etc/veeam/network_config.yml\n  content: |\n    interfaces:\n    - name: eth0\n      ipv4:\n${ipv4}`;

test.each([
  [
    'a fixed address',
    yaml('        enabled: true\n        dhcp: false\n        address:\n        - ip: 10.0.0.7\n          prefix: 24\n'),
    '10.0.0.7',
  ],
  ['quoted', yaml("        address:\n        - ip: '192.168.1.2'\n"), '192.168.1.2'],
  [
    'JSON',
    '{"path":"network_config.yml","content":"{"interfaces":[{"ipv4":{"enabled":true,"dhcp":false,"address":[{"ip":"10.9.8.7"}]}}]}"}',
    '10.9.8.7',
  ],
  [
    'the first that is not by DHCP',
    `${yaml('        dhcp: true\n        address:\n        - ip: 10.0.0.1\n')}    - ipv4:\n        address:\n        - ip: 10.0.0.2\n`,
    '10.0.0.2',
  ],
  ['DHCP', yaml('        dhcp: true\n'), undefined],
  ['switched off', yaml('        enabled: false\n        address:\n        - ip: 10.0.0.7\n'), undefined],
  ['no address at all', yaml('        address:\n        - ip: 999.0.0.7\n'), undefined],
  ['another file', '#cloud-config\n- path: /etc/hosts\n  content: ip: 10.0.0.7', undefined],
  ['nothing', '', undefined],
])('%s', (_what, script, expected) => {
  expect(staticAddress(script)).toBe(expected);
});
