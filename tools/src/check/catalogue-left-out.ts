/** Cases of a catalogue that no test names, or that a test proves in part, and why. */
export interface CatalogueReasons {
  /** What does not concern what exists. A test may not name it. */
  readonly leftOut: Readonly<Record<number, string>>;
  /** What a test proves but for a part that does not concern what exists. */
  readonly partly: Readonly<Record<number, string>>;
}

const RUNNING = 'a running VM is refused so far: its backup through the hypervisor is not there yet (imageio 12)';
const CHECKSUM = 'checksums of a server are not offered, as the protocol allows; the feature is not announced (imageio 2.3)';

/** The test cases of `imageio 17`. */
export const IMAGEIO: CatalogueReasons = {
  leftOut: {
    70: RUNNING,
    72: CHECKSUM,
    73: CHECKSUM,
    74: CHECKSUM,
    83: 'tickets are controlled over the Unix socket alone; gateways control an agent by an API of its own with mutual TLS (imageio 3.6)',
    98: 'positions and text forms of Python objects: our backends are asked for ranges and have no position',
    106: RUNNING,
    112: 'the client moves raw disks; an image that stands on another file is refused (imageio 14.3)',
    116: 'the client is not copied: one client has as many connections as it is told; it goes over TLS, never over a Unix socket',
    125: 'there is no file of first tickets: tickets are rows that outlive a restart',
    127: RUNNING,
    128: RUNNING,
  },
  partly: {
    9: 'a request target is kept for no log: it holds the ticket',
    24: 'a rest of 6.5 s is tried, beyond the 5 s of Node; how long one may be is the inactivity timeout of the ticket, 60 s',
    25: 'no checksum',
    26: 'no checksum',
    28: 'no checksum',
    89: 'a cancellation waits or says 409; there is no form that does not wait',
    99: 'disks are opened by qemu-nbd: what O_DIRECT needs is its part, and files are not copied',
    100: 'there is no backend in memory',
    101: 'NBD over TCP is refused: it has no protection',
    113: 'the client never changes to a Unix socket, so it needs no way back',
    115: 'progress is told by the backup command; the long runs are those of bench/',
    122: 'the body of 10 GiB is begun and left lying, not read to its end',
    123: 'rights are given up by the service manager, not by the program',
    130: 'bitmaps of stopped VMs are not written yet',
    131: 'images on block devices are not served',
  },
};

/** The weaknesses of `ovirt 12.1` and `12.2`. */
export const OVIRT: CatalogueReasons = {
  leftOut: {
    11: 'there is no incremental backup yet: a checkpoint is refused (ovirt 12.30), and a context belongs to its request',
  },
  partly: {
    37: 'images in block or RBD pools are refused by name, not served',
    42: 'proven on the fake of 4.23; older servers are met by the capability table',
  },
};

/** The test cases of `cce 17`. */
export const CCE: CatalogueReasons = {
  leftOut: {
    128: 'a PHP program proves it on both backends: ./dev conformance cce-php; the file of BlueOnyx itself is none of ours',
  },
  partly: {
    131: 'a handler and a client in the manner of CCE.pm; its file is none of ours, and a client in Perl is ./dev conformance cce-socket',
  },
};

/** The test cases of `cyberapp 9`. */
export const CYBERAPP: CatalogueReasons = {
  leftOut: {},
  partly: {
    2: 'there is no console yet, so a browser gets the same line',
  },
};
