import { readSecondaryIp } from './secondary-ip.ts';
import { flag, listOf, number, required, shape, text } from './shape.ts';

/** A network card; `deviceid` is text, `enabled` (link state) is new in 4.23. */
export const readNic = shape('nic', {
  id: required(text),
  networkid: text,
  networkname: text,
  ipaddress: text,
  netmask: text,
  gateway: text,
  macaddress: text,
  isdefault: flag,
  traffictype: text,
  type: text,
  deviceid: text,
  broadcasturi: text,
  isolationuri: text,
  ip6address: text,
  ip6cidr: text,
  ip6gateway: text,
  adaptertype: text,
  mtu: number,
  vlanid: text,
  vpcid: text,
  enabled: flag,
  virtualmachineid: text,
  secondaryip: listOf(readSecondaryIp),
});
/** A network card; `deviceid` is text, `enabled` (link state) is new in 4.23. */
export type Nic = ReturnType<typeof readNic>;
