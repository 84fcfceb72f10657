import { address, type Maker } from './maker.ts';
import type { Vps } from './state.ts';

const DISK_GB = 80;

/** The nth VPS. */
export function makeVps(maker: Maker, n: number): Vps {
  const { random } = maker;
  const name = `vps-${random.hex(8)}.vps.ovh.net`;
  const displayName = maker.label();
  const big = random.chance(0.3);
  const [vcore, memory] = big ? [4, 8192] : [2, 4096];
  const ip = address(40_000 + n);
  return {
    vps: {
      name,
      displayName,
      state: random.pick(['running', 'running', 'running', 'running', 'running', 'stopped', 'rescued', 'upgrading']),
      zone: `Region OpenStack: os-${random.pick(['gra7', 'sbg5', 'waw1'])}`,
      zoneType: 'region',
      cluster: '',
      offerType: 'ssd',
      model: {
        name: big ? 'vps-comfort-4-8-160' : 'vps-essential-2-4-80',
        offer: big ? 'VPS Comfort' : 'VPS Essential',
        version: '2019v1',
        vcore,
        memory,
        disk: big ? DISK_GB * 2 : DISK_GB,
        datacenter: [],
        availableOptions: ['automatedBackup', 'snapshot'],
        maximumAdditionnalIp: 16,
      },
      vcore,
      memoryLimit: memory,
      keymap: null,
      netbootMode: 'local',
      monitoringIpBlocks: ['203.0.113.0/29'],
      slaMonitoring: true,
      iam: maker.iam('vps', name, displayName),
    },
    serviceInfos: maker.serviceInfos(name, '/vps/{serviceName}', 'vps-essential-2-4-80'),
    ips: [ip, `2001:db8:ffff::${(n + 1).toString(16)}`],
    datacenter: { name: 'os-gra7', longName: 'Gravelines', country: 'fr' },
    image: { id: random.uuid(), name: random.pick(['Debian 12', 'Debian 13', 'Ubuntu 24.04']) },
    disks: new Map([
      [
        7_000_000 + n,
        {
          id: 7_000_000 + n,
          type: 'primary',
          size: big ? DISK_GB * 2 : DISK_GB,
          state: 'connected',
          bandwidthLimit: 0,
          lowFreeSpaceThreshold: 0,
          monitoring: false,
          serviceName: name,
        },
      ],
    ]),
  };
}
