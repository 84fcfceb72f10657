import { flag, listOf, required, shape, text } from './shape.ts';
import { readTag } from './tag.ts';

/** A guest network. */
export const readNetwork = shape('network', {
  id: required(text),
  name: required(text),
  displaytext: text,
  state: text,
  type: text,
  traffictype: text,
  cidr: text,
  gateway: text,
  netmask: text,
  vlan: text,
  broadcasturi: text,
  zoneid: text,
  zonename: text,
  account: text,
  domainid: text,
  domain: text,
  domainpath: text,
  project: text,
  projectid: text,
  networkofferingid: text,
  networkofferingname: text,
  canusefordeploy: flag,
  issystem: flag,
  isdefault: flag,
  acltype: text,
  ip6cidr: text,
  ip6gateway: text,
  vpcid: text,
  networkdomain: text,
  tags: listOf(readTag),
});
/** A guest network. */
export type Network = ReturnType<typeof readNetwork>;
