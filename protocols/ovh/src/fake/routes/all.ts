import { authRoutes } from './auth.ts';
import { catalogueRoutes } from './catalogue.ts';
import { cloudRoutes } from './cloud.ts';
import { domainRoutes } from './domains.ts';
import { iamRoutes } from './iam.ts';
import { meRoutes } from './me.ts';
import { networkRoutes } from './network.ts';
import type { Route } from './route.ts';
import { serverRoutes } from './servers.ts';
import { serviceRoutes } from './services.ts';
import { vpsRoutes } from './vps.ts';

/** Every operation that the fake serves. */
export const ALL_ROUTES: readonly Route[] = [
  ...authRoutes,
  ...meRoutes,
  ...serverRoutes,
  ...vpsRoutes,
  ...cloudRoutes,
  ...domainRoutes,
  ...networkRoutes,
  ...serviceRoutes,
  ...iamRoutes,
  ...catalogueRoutes,
];
