import { every, type Job } from '@fairlead/kernel/jobs';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import { forgetViews } from '../store/forgotten-views.ts';
import type { OvirtStore } from '../store/ovirt-store.ts';

const DAY_MS = 86_400_000;
const KEEP_MS = 30 * DAY_MS;

interface ForgetParts {
  readonly store: OvirtStore;
  readonly context: Pick<BridgeContext, 'clock' | 'log'>;
}

/** Every day: what is kept for keys that nobody used for a month goes. */
export function forgetViewsJob({ store, context }: ForgetParts): Job {
  return {
    name: 'ovirt.forget-views',
    schedule: every(DAY_MS),
    limitMs: 10 * 60_000,
    run: async () => {
      const views = await forgetViews(store, context.clock.now() - KEEP_MS);
      if (views > 0) context.log.info({ views }, 'what was kept for keys that are used no more is gone');
    },
  };
}
