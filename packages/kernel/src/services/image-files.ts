/** A hypervisor host on which an image can be opened. */
export interface HostRef {
  readonly id: string;
  readonly name: string;
  /** IP addresses or names by which its agent may be known. */
  readonly addresses: readonly string[];
}

/** A disk image as the hosts see it. */
export interface ImageFile {
  readonly volumeId: string;
  /** Absolute path on the host. */
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
}
