import { enable } from './enablement.ts';
import { map } from './mapping.ts';
import { linkedTenant, linksIn, type Scene } from './scene.ts';

/** How often the connector may run until it has taken everything away. */
const MOST_RUNS = 10;

/** Enable, link, push, break, repair, disable: in the end nothing of it is left at Acronis. */
export async function fullStory(scene: Scene): Promise<void> {
  const { stage, checks, p1 } = scene;
  const { story } = stage;
  if (story === undefined) return checks.skip('the whole story', 'the stage has no connector');
  await enable(scene);
  await map(scene);
  await story.run();
  const pushed = story.held();
  checks.that('the inventory is pushed', pushed.workloads > 0, `${pushed.workloads} workloads`);
  await story.run();
  checks.same('a second run writes nothing', story.held().writes - pushed.writes, 0);
  await story.breakOne();
  await story.run();
  const broken = story.held();
  checks.that('what breaks raises an alert', broken.openAlerts > pushed.openAlerts, `${broken.openAlerts} open alerts`);
  await story.repair();
  await story.run();
  checks.same('what is repaired closes it', story.held().openAlerts, pushed.openAlerts);
  checks.accepted('the app is disabled', await p1.enablementReset());
  checks.same('no tenant is named any more', await linkedTenant(p1), undefined);
  checks.same('no customer is linked any more', linksIn(await p1.tenantMappingRead()), {});
  for (let runs = 0; runs < MOST_RUNS && !isEmpty(story.held()); runs += 1) await story.run();
  const { workloads, openAlerts } = story.held();
  checks.same('nothing is left at Acronis', { workloads, openAlerts }, { workloads: 0, openAlerts: 0 });
}

function isEmpty({ workloads, openAlerts }: { readonly workloads: number; readonly openAlerts: number }): boolean {
  return workloads === 0 && openAlerts === 0;
}
