import { accountRoutes } from './accounts.ts';
import { alertRoutes } from './alerts.ts';
import { identityRoutes } from './identity.ts';
import type { Route } from './route.ts';
import { workloadRoutes } from './workloads.ts';

/** Everything that a data center answers. */
export const ALL_ROUTES: readonly Route[] = [...identityRoutes, ...alertRoutes, ...workloadRoutes, ...accountRoutes];
