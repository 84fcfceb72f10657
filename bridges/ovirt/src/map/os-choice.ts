import type { OsType } from '@fairlead/cloudstack';

export interface OsWish {
  /** CloudStack's own id and name, as our OVF keeps them. */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** oVirt's word: `rhel_9x64`, `windows_2022`, `other_linux`. */
  readonly oVirtType?: string | undefined;
  /** A worker of a backup tool: its image is like Rocky Linux 9 (ovirt 0.1 point 10). */
  readonly isWorker?: boolean;
}

const FALL_BACK = 'Other Linux (64-bit)';

/** The guest OS that comes nearest; a blank instance has an arbitrary one, so there is always an answer if CloudStack has any (ovirt 5.7.3). */
export function chooseOsType(osTypes: readonly OsType[], wish: OsWish): OsType | undefined {
  const byId = osTypes.find((os) => os.id === wish.id);
  if (byId !== undefined) return byId;
  const names = [
    wish.name,
    ...(wish.isWorker === true ? ['Rocky Linux 9'] : []),
    ...namesOf(wish.oVirtType),
    ...(wish.isWorker === true ? LIKE_ROCKY : []),
    FALL_BACK,
  ];
  for (const name of names) {
    const found = name === undefined ? undefined : byName(osTypes, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const LIKE_ROCKY = ['Rocky Linux', 'AlmaLinux', 'Red Hat Enterprise Linux 9', 'CentOS Stream 9', 'Red Hat Enterprise Linux'];

/** Descriptions to look for, the best first. */
function namesOf(type: string | undefined): readonly string[] {
  const word = (type ?? '').toLowerCase();
  const windows = /^windows_(\d{4})/.exec(word);
  if (windows) return [`Windows Server ${windows[1]}`, 'Windows Server', 'Windows'];
  if (word.includes('windows')) return ['Windows Server', 'Windows'];
  const rhel = /^(?:rhel|rhcos|centos)_(\d+)/.exec(word);
  if (rhel)
    return [`Red Hat Enterprise Linux ${rhel[1]}`, `Rocky Linux ${rhel[1]}`, `CentOS ${rhel[1]}`, 'Red Hat Enterprise Linux', 'CentOS'];
  if (word.startsWith('ubuntu')) return ['Ubuntu'];
  if (word.startsWith('debian')) return ['Debian GNU/Linux', 'Debian'];
  if (word.startsWith('sles')) return ['SUSE Linux Enterprise Server'];
  return [];
}

/** Exactly, else the beginning, newest and 64 bit first. */
function byName(osTypes: readonly OsType[], name: string): OsType | undefined {
  const wanted = name.toLowerCase();
  const exact = osTypes.find((os) => os.description.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  const alike = osTypes.filter((os) => os.description.toLowerCase().startsWith(wanted) && !os.description.includes('32-bit'));
  return alike.toSorted((a, b) => b.description.localeCompare(a.description, 'en', { numeric: true }))[0];
}
