import { cleanText } from '../../map/text.ts';
import type { Condition } from '../../map/types.ts';

/** Alerts of one condition that came and went within this are counted (cyberapp 5.6). */
export const FLAPPING_WINDOW_MS = 6 * 3_600_000;

/** What counts as over only when it has been over for this long. */
export const FLAPPING_CLEAR_MS = 3_600_000;

const EPISODES = 4;
const MOST_DESCRIPTION = 1000;

/** @param episodes how many alerts of the same condition came and went within the window */
export function isFlapping(episodes: number): boolean {
  return episodes >= EPISODES;
}

/** The condition, with a description that says why its alert stays longer. */
export function flappingCondition(condition: Condition): Condition {
  const note = ' This has come and gone several times within 6 hours: the alert stays until it has been over for an hour.';
  const room = MOST_DESCRIPTION - note.length;
  return { ...condition, description: cleanText(condition.description, room) + note };
}
