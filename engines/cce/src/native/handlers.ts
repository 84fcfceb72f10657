import type { NativeHandler } from '../handlers/handler.ts';
import { checkGrant, expandCapLevels } from './capabilities.ts';
import { refreshDisk } from './disk-usage.ts';
import { type HandlerSession, nativeHandler } from './handler-session.ts';
import { checkUserAliases, keepUserAliases, removeUserAliases } from './user-aliases.ts';
import { RESERVED_NAMES, userCheck, userKeep } from './user-check.ts';
import { checkNewUserLimit, checkVsiteLimit } from './user-limit.ts';
import { userPassword } from './user-password.ts';
import { checkVsiteAliases } from './vsite-aliases.ts';
import { checkVsite } from './vsite-check.ts';
import { keepVsiteInStep, provisionVsite } from './vsite-provision.ts';
import { removeVsite } from './vsite-remove.ts';
import { suspendNewUser, suspendVsite } from './vsite-suspend.ts';

export interface NativeHandlerOptions {
  /** Fills `md5_password` too, for programs that know nothing newer. Default: false. */
  readonly legacyMd5?: boolean | undefined;
  /** Names that no User may have. Default: accounts that machines have. */
  readonly reservedNames?: readonly string[] | undefined;
  /** Users that cannot be destroyed, besides `admin`. */
  readonly keptUsers?: readonly string[] | undefined;
}

/** The functions behind `native:<name>` of the shipped `handlers.conf` (cce 4.8). */
export function nativeHandlers(options: NativeHandlerOptions = {}): Readonly<Record<string, NativeHandler>> {
  const handlers: Record<string, (session: HandlerSession) => Promise<void>> = {
    'vsite.check': checkVsite,
    'vsite.aliases': checkVsiteAliases,
    'vsite.user-limit': checkVsiteLimit,
    'vsite.provision': provisionVsite,
    'vsite.in-step': keepVsiteInStep,
    'vsite.suspend': suspendVsite,
    'vsite.remove': removeVsite,
    'vsite.disk': refreshDisk,
    'user.check': userCheck(new Set(options.reservedNames ?? RESERVED_NAMES)),
    'user.limit': checkNewUserLimit,
    'user.grant': checkGrant,
    'user.keep': userKeep(new Set(['admin', ...(options.keptUsers ?? [])])),
    'user.alias-check': checkUserAliases,
    'user.password': userPassword(options.legacyMd5 ?? false),
    'user.capabilities': expandCapLevels,
    'user.suspended': suspendNewUser,
    'user.aliases': keepUserAliases,
    'user.remove': removeUserAliases,
    'user.disk': refreshDisk,
  };
  return Object.fromEntries(Object.entries(handlers).map(([name, handle]) => [name, nativeHandler(handle)]));
}
