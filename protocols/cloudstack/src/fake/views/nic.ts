import type { Nic } from '../model.ts';

/** A network card inside its instance. */
export function nicView(nic: Nic): object {
  const vlan = `vlan://${nic.network.vlan}`;
  return {
    id: nic.id,
    networkid: nic.network.id,
    networkname: nic.network.name,
    netmask: '255.255.255.0',
    gateway: '10.1.1.1',
    ipaddress: nic.ip,
    ...(nic.plugged ? { isolationuri: vlan, broadcasturi: vlan } : {}),
    traffictype: 'Guest',
    type: 'Isolated',
    isdefault: nic.isDefault,
    macaddress: nic.mac,
    secondaryip: [],
    extradhcpoption: [],
    deviceid: String(nic.deviceId),
    enabled: nic.enabled,
  };
}
