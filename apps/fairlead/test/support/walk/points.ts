/** Where a process is killed: `before` or `after` a step, and at which time that the step is taken (the first, unless said). */
export interface Point {
  readonly who: 'gateway' | 'agent';
  readonly at: string;
  readonly count?: number;
  /** Where its next life is killed as well. */
  readonly next?: string;
}

function points(who: Point['who'], steps: readonly (string | readonly [step: string, count: number])[]): Point[] {
  return steps.map((step) => (typeof step === 'string' ? { who, at: step } : { who, at: step[0], count: step[1] }));
}

/** For `test.each`: the name of each point, and the point. */
export function named(all: readonly Point[]): (readonly [name: string, point: Point])[] {
  const nth = ({ count }: Point) => (count === undefined ? '' : ` for the ${count}nd time`);
  const again = ({ next }: Point) => (next === undefined ? '' : `, then ${next}`);
  return all.map((point) => [`${point.who}, ${point.at}${nth(point)}${again(point)}`, point]);
}

const API = '/ovirt-engine/api';

/** Every kind of step from the login to the logout. */
export const LOGIN_POINTS = points('gateway', [
  'after call CloudStack login',
  'after call CloudStack getUserKeys',
  'before insert kernel_sessions',
  'before answer POST /ovirt-engine/sso/oauth/token 200',
  'after answer POST /ovirt-engine/sso/oauth/token 200',
  'before delete kernel_sessions',
  'after delete kernel_sessions',
  'before answer POST /ovirt-engine/services/sso-logout 200',
]);

/** Every kind of step of a backup with its download. Before a step all is as after the one before it, so most are killed after theirs. */
export const BACKUP_POINTS = [
  ...points('gateway', [
    'after insert ovirt_locks vm',
    'after insert ovirt_backups',
    `before answer POST ${API}/vms/*/backups 201`,
    `after answer POST ${API}/vms/*/backups 201`,
    'after insert image_backups',
    'after call POST /internal/backup/*',
    'after update image_backups state',
    'after update ovirt_backups phase=ready',
    'after insert ovirt_transfers',
    'after insert image_routes',
    'after call POST /internal/transfer',
    'after update image_routes size',
    'after update ovirt_transfers phase=transferring',
    `before answer POST ${API}/imagetransfers 201`,
    'after call GET /images/*',
    'before answer GET /images/* 206',
    'after update ovirt_transfers phase=finalizing_success',
    'after call POST /internal/transfer/*/close',
    'after update image_routes digest,ended_ms',
    'after update ovirt_transfers phase=finished_success',
    `before answer POST ${API}/imagetransfers/*/finalize 200`,
    'after update ovirt_backups phase=finalizing',
    'after call POST /internal/backup/*/finalize',
    'after update image_backups open_vm,ended_ms',
    'after update ovirt_backups phase=succeeded',
    `before answer POST ${API}/vms/*/backups/*/finalize 200`,
  ]),
  ...points('agent', [
    'after insert image_jobs backup',
    'after insert image_jobs export',
    'after start qemu-nbd',
    'after update image_jobs export pid,socket',
    'after update image_jobs backup spec,changed_ms',
    'before answer POST /internal/backup/* 200',
    'after insert image_jobs transfer',
    'after update image_jobs transfer spec,changed_ms',
    'after insert image_tickets',
    'before answer POST /internal/transfer 200',
    'before answer GET /images/* 206',
    'after delete image_tickets',
    'after update image_jobs transfer state=closed',
    'before answer POST /internal/transfer/*/close 200',
    'after update image_jobs export state=canceled',
    'after update image_jobs backup state=closed',
    'before answer POST /internal/backup/*/finalize 200',
  ]),
];

/** Killed again while it takes up what its first life has left. */
export const RECOVERY_POINTS: readonly Point[] = [
  { who: 'gateway', at: 'after call POST /internal/backup/*', next: 'after call GET /internal/backup/*/*' },
  { who: 'gateway', at: 'after call POST /internal/transfer', next: 'before call DELETE /internal/transfer/*' },
  { who: 'gateway', at: 'after update ovirt_transfers phase=finalizing_success', next: 'after call POST /internal/transfer/*/close' },
  { who: 'gateway', at: 'after update ovirt_backups phase=finalizing', next: 'after call POST /internal/backup/*/finalize' },
  { who: 'agent', at: 'after start qemu-nbd', next: 'before update image_jobs export state=canceled' },
  { who: 'agent', at: 'after update image_jobs export pid,socket', next: 'after update image_jobs backup state=failed' },
];

/** Every kind of step of a restore with its upload. */
export const RESTORE_POINTS = [
  ...points('gateway', [
    'after insert ovirt_jobs',
    'after insert ovirt_creations',
    'after call CloudStack deployVirtualMachine',
    'after update ovirt_jobs cs_job_id,is_last',
    'after update ovirt_creations object_id',
    'after insert ovirt_restores',
    'after call CloudStack updateVirtualMachine',
    'after update ovirt_jobs status=finished',
    'after update ovirt_creations told_ms',
    `before answer POST ${API}/vms 201`,
    'before call CloudStack createVolume',
    'after call CloudStack createVolume',
    ['after update ovirt_jobs cs_job_id,is_last', 2],
    'after insert ovirt_disks',
    ['after update ovirt_jobs status=finished', 2],
    `before answer POST ${API}/disks 201`,
    `after answer POST ${API}/disks 201`,
    'after call POST /internal/transfer',
    'after call PUT /images/*',
    'before answer PUT /images/* 200',
    'after call PATCH /images/*',
    'before answer PATCH /images/* 200',
    'after call POST /internal/transfer/*/close',
    'after update ovirt_transfers phase=finished_success',
    'after call CloudStack attachVolume',
    `before answer POST ${API}/vms/*/diskattachments 201`,
  ]),
  ...points('agent', [
    'after insert image_jobs transfer',
    'after start qemu-nbd',
    'after update image_jobs export pid,socket',
    'after insert image_tickets',
    'before answer POST /internal/transfer 200',
    'before answer PUT /images/* 200',
    'before answer PATCH /images/* 200',
    ['after update image_jobs transfer spec,changed_ms', 2],
    'after delete image_tickets',
    'after update image_jobs export pid,changed_ms',
    'after update image_jobs export state=closed',
    'after start qemu-img check',
    'after update image_jobs transfer state=closed',
    'before answer POST /internal/transfer/*/close 200',
  ]),
];

/** Steps after which the world is as before them: nobody was told anything that a row does not say, and nothing was begun. */
const WITHOUT_TRACE: readonly RegExp[] = [
  // Reading, and answers to those who only look.
  /^call CloudStack (list|query|get)/,
  /^call GET /,
  /^answer GET /,
  // What is forgotten, and what is told to the audit, beside the way.
  /^delete (image_backups|image_routes|image_jobs|ovirt_(backups|creations|events|jobs|restores|transfers)|kernel_limits)/,
  /^insert (kernel_audit|kernel_gateways|ovirt_facts|ovirt_events)/,
  // Counters and signs of life.
  /(active_ms|lease_ms|expires_ms,moved|transferred,active_ms|holder)$/,
  // Locks for the time of one step: the first of them has points of its own, and they all end with their gateway.
  /^(insert|delete) ovirt_locks/,
  // The logout of the session by which CloudStack was asked for the keys.
  /^call CloudStack logout$/,
];

/** The kinds of steps that leave a trace and at which none of these points kills. */
export function kindsWithoutPoint(steps: readonly string[], all: readonly Point[]): readonly string[] {
  const bare = (moment: string) => moment.replace(/^(before|after) /, '');
  const covered = new Set(all.map((point) => bare(point.at)));
  const kinds = [...new Set(steps.map(bare))];
  return kinds.filter((kind) => !covered.has(kind) && !WITHOUT_TRACE.some((form) => form.test(kind)));
}
