import { join } from 'node:path';
import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { CceSettings } from '../config.ts';
import type { Backend } from './backend.ts';
import { AccessFile } from './security/access-file.ts';
import { CallerFinder } from './security/caller.ts';
import type { Gatekeeper } from './security/gatekeeper.ts';
import { Guard } from './security/guard.ts';
import { createGatekeeper } from './security/make-gatekeeper.ts';
import { Tokens } from './security/tokens.ts';

export interface Security {
  readonly finder: CallerFinder;
  readonly gatekeeper: Gatekeeper;
  readonly tokens: Tokens;
  /** Takes another access list; tokens of entries that went end. */
  reload(settings: CceSettings): Promise<void>;
}

export interface SecurityParts {
  readonly context: BridgeContext;
  readonly settings: CceSettings;
  readonly stateDir: string;
  readonly backend: Backend;
}

/** Everything that decides who may do what. Throws `CCE_ACCESS_FILE`. */
export async function openSecurity({ context, settings, stateDir, backend }: SecurityParts): Promise<Security> {
  const { sessions, secrets, clock, limits, audit, log, server } = context;
  const access = new AccessFile({ path: join(stateDir, 'access'), clock, log });
  await access.list(settings);
  const life = { lifetimeMs: settings.token_lifetime, sliding: settings.token_sliding };
  const tokens = new Tokens({ sessions, secrets, clock, settings: life });
  const pauseMs = settings.auth_fail_delay ? undefined : () => 0;
  const guard = new Guard({ limits, audit, clock, log, failures: settings.api_auth_fails, banMs: settings.api_ban_time, pauseMs });
  const rules = { pingPublic: settings.ping_public, requireSecret: settings.remote_require_secret };
  const gatekeeper = createGatekeeper({ settings: rules, access, tokens, guard, backend, secrets, context });
  return {
    finder: new CallerFinder(settings.trusted_proxies ?? server.trustedProxies ?? []),
    gatekeeper,
    tokens,
    reload: async (changed) => {
      for (const network of await access.list(changed)) await tokens.revokeEntry(network);
    },
  };
}
