import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { bridge, type CyberappTables } from '@fairlead/bridge-cyberapp';
import { newUuid } from '@fairlead/kernel/ids';
import { AsyncScope, type BridgeContext } from '@fairlead/kernel/lifecycle';
import { hashPassword } from '@fairlead/kernel/secrets';
import { APP, cyberappContext, cyberappSettings } from './cyberapp-context.ts';
import { plantDirectory } from './cyberapp-directory.ts';
import type { FakeFacts } from './cyberapp-fake-process.ts';
import { takeOrders } from './cyberapp-orders.ts';

export interface CallbacksWish {
  readonly folder: string;
  readonly fake: Pick<FakeFacts, 'ca' | 'issuer' | 'keysUrl'>;
  readonly tenant: string;
  /** Accounts of the partner, each with this password. */
  readonly logins: readonly string[];
  readonly password: string;
}

export interface CallbacksFacts {
  readonly port: number;
  readonly ca: string;
}

/** Forget what the event loop was late by, or tell it. */
export type DelayOrder = 'forget' | 'tell';

/** How late the event loop was, in milliseconds. */
export interface Delay {
  readonly p99: number;
  readonly most: number;
}

const RESOLUTION_MS = 1;
/** As `[cyberapp]` has it by default. */
const COST = { memory: 65_536, passes: 3, parallelism: 4 };

await takeOrders<CallbacksWish, DelayOrder>(async (wish) => {
  await using scope = new AsyncScope();
  const context = scope.use(await cyberappContext(wish.folder));
  await plantUsers(context, wish);
  const settings = cyberappSettings(await configuration(wish));
  const running = scope.use(await bridge.start(context, settings));
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const held = scope.move();
  return {
    facts: { port: Number(new URL(running.addresses?.cyberapp ?? '').port), ca: context.authority.caPem } satisfies CallbacksFacts,
    order: async (order) => {
      if (order === 'forget') return delay.reset();
      const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
      return { p99: late(delay.percentile(99)), most: late(delay.max) } satisfies Delay;
    },
    end: () => held[Symbol.asyncDispose](),
  };
});

/** One hash for all: to make so many would take longer than the bench. */
async function plantUsers({ store }: BridgeContext, { tenant, logins, password }: CallbacksWish): Promise<void> {
  const { partner } = await plantDirectory(store, tenant, []);
  const hash = await hashPassword(password, COST);
  const now = store.clock.now();
  const rows = logins.map((login) => ({
    ...{ id: newUuid(), organization_id: partner.organization.id, login, login_key: login, name: login, email: `${login}@example.com` },
    ...{ password_hash: hash, credential_version: 1, password_changed_ms: now, last_login_ms: null, created_ms: now, updated_ms: now },
    state: 'active' as const,
  }));
  await store.transaction<CyberappTables, void>(async (trx) => {
    for (const row of rows) await trx.insertInto('cyberapp_users').values(row).execute();
  });
}

/** A remembered password stays so for a whole round. */
async function configuration({ folder, fake }: CallbacksWish): Promise<string> {
  const file = join(folder, 'fake-ca.crt');
  await writeFile(file, fake.ca);
  return [
    `[cyberapp]\napp_code = ${APP}\nlisten_address = 127.0.0.1:0\njwt_issuers = ${fake.issuer}=${fake.keysUrl}\nauth_cache = 10m`,
    `[connector]\nenabled = false\nallow_private = true\nca = ${file}`,
  ].join('\n');
}
