import type { RecordState } from '../record.ts';

/** Words of the API and what they mean to people; a word that is not here is `unknown`. */
type Words = ReadonlyMap<string, RecordState>;

/** `vps.VpsStateEnum` (10.2). */
const VPS: Words = new Map<string, RecordState>([
  ['running', 'running'],
  ['stopped', 'stopped'],
  ['rescued', 'rescue'],
  ['maintenance', 'maintenance'],
  ['backuping', 'transition'],
  ['installing', 'transition'],
  ['rebooting', 'transition'],
  ['stopping', 'transition'],
  ['upgrading', 'transition'],
]);

/** `cloud.instance.InstanceStatusEnum`: the words of OpenStack. */
const INSTANCE: Words = new Map<string, RecordState>([
  ['ACTIVE', 'running'],
  ['SHUTOFF', 'stopped'],
  ['STOPPED', 'stopped'],
  ['PAUSED', 'stopped'],
  ['SUSPENDED', 'stopped'],
  ['SHELVED', 'stopped'],
  ['SHELVED_OFFLOADED', 'stopped'],
  ['DELETED', 'stopped'],
  ['SOFT_DELETED', 'stopped'],
  ['RESCUE', 'rescue'],
  ['RESCUED', 'rescue'],
  ['ERROR', 'error'],
  ['BUILD', 'transition'],
  ['BUILDING', 'transition'],
  ['REBOOT', 'transition'],
  ['HARD_REBOOT', 'transition'],
  ['REBUILD', 'transition'],
  ['RESIZE', 'transition'],
  ['RESIZED', 'transition'],
  ['VERIFY_RESIZE', 'transition'],
  ['REVERT_RESIZE', 'transition'],
  ['MIGRATING', 'transition'],
  ['PASSWORD', 'transition'],
  ['SNAPSHOTTING', 'transition'],
  ['RESUMING', 'transition'],
  ['RESCUING', 'transition'],
  ['UNRESCUING', 'transition'],
  ['SHELVING', 'transition'],
  ['UNSHELVING', 'transition'],
  ['DELETING', 'transition'],
]);

/** `domain.DomainStateEnum`. */
const DOMAIN: Words = new Map<string, RecordState>([
  ['ok', 'running'],
  ['autorenew_in_progress', 'running'],
  ['expired', 'stopped'],
  ['deleted', 'stopped'],
  ['restorable', 'stopped'],
  ['dispute', 'blocked'],
  ['registry_suspended', 'blocked'],
  ['technical_suspended', 'blocked'],
  ['pending_create', 'transition'],
  ['pending_delete', 'transition'],
  ['pending_incoming_transfer', 'transition'],
  ['pending_installation', 'transition'],
  ['outgoing_transfer', 'transition'],
]);

const SERVER: Words = new Map<string, RecordState>([
  ['error', 'error'],
  ['hacked', 'blocked'],
  ['hackedBlocked', 'blocked'],
]);

const POWER: Words = new Map<string, RecordState>([
  ['poweron', 'running'],
  ['poweroff', 'stopped'],
]);

/**
 * `dedicated.server.StateEnum` counts before the power: a blocked server is blocked, running or not.
 * Where nothing is said of power (So you Start, Kimsufi), `ok` means that it runs.
 */
export function serverState(state: string | undefined, power: string | undefined): RecordState {
  if (state !== 'ok') return wordIn(SERVER, state);
  return power === undefined ? 'running' : wordIn(POWER, power);
}

export function vpsState(state: string | undefined): RecordState {
  return wordIn(VPS, state);
}

export function instanceState(status: string | undefined): RecordState {
  return wordIn(INSTANCE, status?.toUpperCase());
}

/** A domain that is suspended does not resolve, whatever its state. */
export function domainState(state: string | undefined, suspension: string | undefined): RecordState {
  return suspension === 'suspended' ? 'blocked' : wordIn(DOMAIN, state);
}

function wordIn(words: Words, word: string | undefined): RecordState {
  return (word === undefined ? undefined : words.get(word)) ?? 'unknown';
}
