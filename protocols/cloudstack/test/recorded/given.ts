import { GIVEN_BACKUP } from './given-backup.ts';
import { GIVEN_REQUEST } from './given-request.ts';
import { GIVEN_SNAPSHOTS } from './given-snapshots.ts';
import { GIVEN_STATE } from './given-state.ts';
import { GIVEN_USERS } from './given-users.ts';
import type { Outgoing } from './send.ts';
import type { Inhabitant, World } from './world.ts';

/** What must be so before a recorded call is repeated, beside the things that its request names. */
export interface Given {
  /** What is there; without it what is usual for a list, and nothing for a change. */
  readonly with?: readonly Inhabitant[];
  /** The time at which it was recorded, where that matters. */
  readonly at?: string;
  readonly world?: (world: World) => unknown;
  readonly request?: (out: Outgoing, world: World) => unknown;
  /** Paths that may differ here, because the simulator of the recordings says less than KVM. */
  readonly tolerate?: readonly RegExp[];
}

/** By the recording's name; the first pattern that fits. */
export type GivenTable = ReadonlyArray<readonly [pattern: RegExp, given: Given]>;

export function givenOf(name: string): Given {
  return (
    [...GIVEN_BACKUP, ...GIVEN_USERS, ...GIVEN_SNAPSHOTS, ...GIVEN_REQUEST, ...GIVEN_STATE].find(([pattern]) => pattern.test(name))?.[1] ??
    {}
  );
}
