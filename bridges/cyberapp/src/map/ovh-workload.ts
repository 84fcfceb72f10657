import type { ItemMapper } from './workload.ts';

/** A dedicated server or a VPS (cyberapp 5.4); the other kinds of an account make no workloads. */
export const serverWorkload: ItemMapper = ({ kind, attributes }) => {
  if (kind !== 'bare_metal' && kind !== 'vps') return undefined;
  // A VPS is in a zone, which is the data center of its kind.
  const values = kind === 'vps' ? { ...attributes, datacenter: attributes.datacenter ?? attributes.zone } : attributes;
  return { type: kind, enabled: true, values };
};
