import { randomBytes } from 'node:crypto';
import { Cloud, type CloudSettings } from './cloud.ts';
import type { Account, AccountType, Domain, KeyPair, Network, Project, Role, User } from './model.ts';

/** Names and addresses that the fake begins with. */
interface SeedOptions {
  readonly hostAddress: string;
}

const OS_TYPES: ReadonlyArray<readonly [description: string, category: string]> = [
  ['CentOS 4.5 (32-bit)', 'CentOS'],
  ['CentOS 5.6 (64-bit)', 'CentOS'],
  ['Rocky Linux 8', 'Rocky Linux'],
  ['Rocky Linux 9', 'Rocky Linux'],
  ['AlmaLinux 8', 'AlmaLinux'],
  ['Debian GNU/Linux 12 (32-bit)', 'Debian'],
  ['Debian GNU/Linux 12 (64-bit)', 'Debian'],
  ['Ubuntu 24.04 LTS', 'Ubuntu'],
  ['Windows Server 2022 (64-bit)', 'Windows'],
  ['Other Linux (64-bit)', 'Other'],
];

const SERVICE_OFFERINGS: ReadonlyArray<readonly [name: string, cpu: number, speed: number, memoryMiB: number]> = [
  ['Small Instance', 1, 500, 512],
  ['Medium Instance', 1, 1000, 1024],
  ['Large Instance', 2, 1000, 2048],
];

const DISK_OFFERINGS: ReadonlyArray<readonly [name: string, displaytext: string, sizeGiB: number]> = [
  ['Small', 'Small Disk, 5 GB', 5],
  ['Medium', 'Medium Disk, 20 GB', 20],
  ['Large', 'Large Disk, 100 GB', 100],
  ['Custom', 'Custom Disk', 0],
];

const ACCOUNTS: ReadonlyArray<readonly [name: string, type: AccountType, domain: 'ROOT' | 'tenants']> = [
  ['admin', 1, 'ROOT'],
  ['dadmin', 2, 'tenants'],
  ['alice', 0, 'tenants'],
  ['bob', 0, 'tenants'],
];

const ROLES: ReadonlyArray<readonly [name: string, type: Role['type'], description: string]> = [
  ['Root Admin', 'Admin', 'Default root admin role'],
  ['Resource Admin', 'ResourceAdmin', 'Default resource admin role'],
  ['Domain Admin', 'DomainAdmin', 'Default domain admin role'],
  ['User', 'User', 'Default user role'],
];

/** Zone, pod, cluster, KVM host, SharedMountPoint pool, networks, offerings, OS types, templates and accounts. */
export function seededCloud(settings: CloudSettings, options: SeedOptions): Cloud {
  const cloud = new Cloud(settings);
  const created = cloud.clock.now() - 86_400_000;
  const root: Domain = { ...cloud.row(), name: 'ROOT', parent: undefined, path: 'ROOT', created };
  const tenants: Domain = { ...cloud.row(), name: 'tenants', parent: root, path: 'ROOT/tenants', created };
  cloud.domains.push(root, tenants);
  for (const [name, type, description] of ROLES) cloud.roles.push({ ...cloud.row(), name, type, description, isPublic: true });
  for (const [name, type, domain] of ACCOUNTS) addAccount(cloud, name, type, domain === 'ROOT' ? root : tenants);
  cloud.zones.push({ ...cloud.row(), name: 'zone1', details: {} });
  cloud.pods.push({ ...cloud.row(), name: 'pod1' });
  cloud.clusters.push({ ...cloud.row(), name: 'cluster0' });
  cloud.hosts.push({ ...cloud.row(), name: 'kvm1', ipaddress: options.hostAddress, created });
  cloud.pools.push({ ...cloud.row(), name: 'primary0', path: cloud.disks.folder, created });
  cloud.imageStores.push({ ...cloud.row(), name: 'secondary1', url: `nfs://${options.hostAddress}:/export/secondary` });
  addCatalogue(cloud, created);
  for (const name of ['admin', 'alice', 'bob']) addNetwork(cloud, `net-${name}`, accountOf(cloud, name));
  return cloud;
}

/** An account with one user of the same name and a key pair. */
function addAccount(cloud: Cloud, name: string, type: AccountType, domain: Domain): User {
  const account = addAccountRow(cloud, { name, type, domain });
  const user: User = {
    ...cloud.row(),
    username: name,
    password: `${name}-password`,
    account,
    keys: [],
    created: account.created,
    enabled: true,
    locked: false,
    apiKeyAccess: 'INHERIT',
    firstname: name,
    lastname: 'Example',
    email: `${name}@example.org`,
  };
  addKeyPair(cloud, user);
  cloud.users.push(user);
  return user;
}

function addAccountRow(cloud: Cloud, wish: Pick<Account, 'name' | 'type' | 'domain' | 'project'>): Account {
  const account: Account = { ...cloud.row(), ...wish, created: cloud.clock.now(), state: 'enabled', limits: new Map() };
  cloud.accounts.push(account);
  return account;
}

/** What is chosen for a new pair of keys. */
interface NewKeyPair extends Pick<KeyPair, 'description' | 'start' | 'end'> {
  readonly name?: string | undefined;
}

/** One more pair of keys; those that there are go on working (fact 24 of the recordings). */
export function addKeyPair(cloud: Cloud, user: User, wish: NewKeyPair = {}): KeyPair {
  const key = () => randomBytes(64).toString('base64url');
  const name = wish.name ?? `${user.n} - API key pair`;
  const pair: KeyPair = { ...cloud.row(), ...wish, name, apiKey: key(), secretKey: key(), created: cloud.clock.now() };
  user.keys.push(pair);
  return pair;
}

/** An isolated guest network. */
export function addNetwork(cloud: Cloud, name: string, owner: Account): Network {
  const row = cloud.row();
  const network: Network = { ...row, name, owner, vlan: 100 + row.n, implemented: false, created: cloud.clock.now(), lastAddress: 10 };
  cloud.networks.push(network);
  return network;
}

/** A project; it owns things through an account of its own, which no list shows. */
export function addProject(cloud: Cloud, name: string, members: readonly string[]): Project {
  const domain = accountOf(cloud, members[0] ?? 'admin').domain;
  const created = cloud.clock.now();
  const project: Project = { ...cloud.row(), name, domain, members, created };
  cloud.projects.push(project);
  addAccountRow(cloud, { name: `PrjAcct-${name}-${project.n}`, type: 0, domain, project });
  return project;
}

/** @throws Error when there is no such account */
export function accountOf(cloud: Cloud, name: string): Account {
  const found = cloud.accounts.find((account) => account.name === name);
  if (found === undefined) throw new Error(`the fake cloud has no account ${name}`);
  return found;
}

function addCatalogue(cloud: Cloud, created: number): void {
  for (const [description, category] of OS_TYPES) cloud.osTypes.push({ ...cloud.row(), description, category });
  for (const [name, cpu, speed, memoryMiB] of SERVICE_OFFERINGS)
    cloud.serviceOfferings.push({ ...cloud.row(), name, fixed: { cpu, speed, memoryMiB }, diskOfferingId: cloud.row().id, created });
  cloud.serviceOfferings.push({ ...cloud.row(), name: 'custom', diskOfferingId: cloud.row().id, created });
  for (const [name, displaytext, sizeGiB] of DISK_OFFERINGS)
    cloud.diskOfferings.push({ ...cloud.row(), name, displaytext, sizeGiB, created });
  const [blankOs, centos] = cloud.osTypes;
  if (blankOs === undefined || centos === undefined) return;
  const sizeBytes = 2 * 1024 ** 3;
  cloud.templates.push({ ...cloud.row(), name: 'CentOS 5.6 (64-bit) no GUI', osType: centos, sizeBytes, hidden: false, created });
  const tools = { name: 'xs-tools.iso', displaytext: 'XenServer Tools Installer ISO (xen-pv-drv-iso)' };
  cloud.isos.push({ ...cloud.row(), ...tools, osType: blankOs });
  cloud.templates.push({ ...cloud.row(), name: 'kvm-blank-vm-template', osType: blankOs, sizeBytes: 0, hidden: true, created });
}
