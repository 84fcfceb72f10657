import { acceptance } from './acceptance.ts';
import { badBodies } from './bad-bodies.ts';
import { badTokens } from './bad-tokens.ts';
import { bruteForce } from './brute-force.ts';
import { changeCredentials, disable, enable, enableOtherTenant, enableTwice } from './enablement.ts';
import { fullStory } from './full-story.ts';
import { map, remap, swap, unmap } from './mapping.ts';
import { mirrored } from './mirrored.ts';
import { subPartner, twoDatacenters, twoPartners } from './partners.ts';
import type { Report } from './report.ts';
import { retryStorm } from './retry-storm.ts';
import { type Play, played } from './scene.ts';
import type { Stage } from './stage.ts';
import { users } from './users.ts';

const PLAYS = {
  enable,
  'enable-twice': enableTwice,
  'enable-other-tenant': enableOtherTenant,
  map,
  remap,
  swap,
  unmap,
  disable,
  'change-credentials': changeCredentials,
  users,
  'two-partners': twoPartners,
  'sub-partner': subPartner,
  'two-data-centers': twoDatacenters,
  'retry-storm': retryStorm,
  'bad-tokens': badTokens,
  'bad-bodies': badBodies,
  'brute-force': bruteForce,
  mirrored,
  acceptance,
  'full-story': fullStory,
} as const satisfies Record<string, Play>;

/** CyberApp 6.4, the names of its table; the three of its row 5 are scenarios of their own. */
export type ScenarioName = keyof typeof PLAYS;

/** What is played on a stage; the report says what was looked at. None rejects, and each leaves the stage as it was. */
export const scenarios = Object.fromEntries(
  Object.entries<Play>(PLAYS).map(([name, play]) => [name, (stage: Stage) => played(name, stage, play)]),
) as Readonly<Record<ScenarioName, (stage: Stage) => Promise<Report>>>;
