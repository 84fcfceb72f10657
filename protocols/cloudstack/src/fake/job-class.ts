/** Whose package a command's class is in, and whether root admins have one of their own. */
type Home = readonly [pattern: RegExp, name: string, kind: 'admin' | 'user' | 'both'];

/** By the command's name; the first pattern that fits. */
const HOMES: readonly Home[] = [
  [/^(start|finalize)Backup$/, 'backup', 'admin'],
  [/Backup$/, 'backup', 'user'],
  [/User(Keys)?$/, 'user', 'admin'],
  [/Account$/, 'account', 'admin'],
  [/^(create|delete)VMSnapshot$/, 'vmsnapshot', 'user'],
  [/VMSnapshot$/, 'vmsnapshot', 'both'],
  [/Snapshot$/, 'snapshot', 'user'],
  [/Tags$/, 'tag', 'user'],
  [/^(expunge|import|migrate)V[Mm]$/, 'vm', 'admin'],
  [/^(import|unmanage)Volume$/, 'volume', 'admin'],
  [/Volume$/, 'volume', 'both'],
  [/V[Mm]/, 'vm', 'both'],
];

/** `cmd` of a job: the Java class of its command. */
export function jobClass(command: string, admin: boolean): string {
  const short = command.replace('VirtualMachine', 'VM');
  const [, name, kind] = HOMES.find(([pattern]) => pattern.test(short)) ?? [/$/, 'job', 'user'];
  const own = kind === 'both' && admin;
  const side = kind === 'admin' || own ? 'admin' : 'user';
  return `org.apache.cloudstack.api.command.${side}.${name}.${short.charAt(0).toUpperCase()}${short.slice(1)}Cmd${own ? 'ByAdmin' : ''}`;
}
