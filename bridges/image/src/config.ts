import type { SectionValue } from '@fairlead/kernel/config';
import { choice, duration, flag, integer, list, obsolete, path, port, section, text } from '@fairlead/kernel/config';

/** `[image]` (also `[imageio]`): the image server of a KVM host, the image proxy of a gateway, or both. */
export const imageSection = section(
  'image',
  {
    enabled: flag({ default: true, doc: 'Whether disk images are served at all.' }),
    role: choice({
      oneOf: ['both', 'server', 'proxy'],
      default: 'both',
      doc: 'What this machine is: a gateway that is a KVM host too (both), only the agent of a KVM host (server), or a gateway that is no KVM host (proxy).',
    }),
    roots: list({ default: ['/mnt', '/var/lib/libvirt/images'], doc: 'Folders outside of which no image file is opened.' }),
    scratch_dir: path({
      optional: true,
      doc: 'Folder for what a running virtual machine overwrites during its backup; `scratch` in the state directory when absent.',
    }),
    host: text({ optional: true, doc: 'Address to listen on; that of `[server] host` when absent.' }),
    data_port: port({ default: 54_322, doc: 'Port of the image server (the ticket in the URL is the credential).' }),
    proxy_port: port({ default: 54_323, doc: 'Port of the image proxy.' }),
    control_port: port({
      default: 54_325,
      doc: 'Port by which the gateway controls the agent (client certificates of our authority only).',
    }),
    qemu_nbd: text({ default: 'qemu-nbd', doc: 'Program that serves the image of a stopped virtual machine.' }),
    qemu_img: text({ default: 'qemu-img', doc: 'Program that tells about images and checks them.' }),
    request_size: integer({ default: 1_048_576, min: 65_536, max: 33_554_432, doc: 'Bytes of one request to the NBD server.' }),
    requests_in_flight: integer({ default: 4, min: 1, max: 16, doc: 'Requests to the NBD server at once, for each connection.' }),
    ticket_timeout: duration({ default: '5m', min: '10s', doc: 'How long a transfer may rest before its ticket expires.' }),
    max_connections: integer({
      default: 8,
      min: 1,
      max: 64,
      doc: 'Connections at once for one transfer, as told to tools; two more are let in.',
    }),
    internal_token: obsolete({ doc: 'Of an earlier program: agents are now known by their certificates.' }),
  },
  { doc: 'Disk images over HTTPS for backup tools, as oVirt offers them.', aliases: ['imageio'] },
);

export type ImageConfig = SectionValue<typeof imageSection>;
