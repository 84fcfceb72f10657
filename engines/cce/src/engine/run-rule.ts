import type { HandlerCall } from '../handlers/handler.ts';
import type { CommandContext } from './commands/command.ts';
import { EngineConnection } from './engine-connection.ts';
import { oidText } from './identity.ts';
import type { RunRule } from './language.ts';
import type { Scope } from './view.ts';

/** Programs of rules (cce 3.3): they see what the command sees, with admin rights, and BYE SUCCESS is the one way to say yes. */
export function ruleRunner({ core, connection: asking, options }: CommandContext, scope: Scope | undefined): RunRule {
  return async (rule, _caller, target) => {
    const { programs } = core.options;
    if ((rule.kind !== 'exec' && rule.kind !== 'perl') || !programs) {
      core.log.warn({ rule: rule.name }, 'a rule needs a program, and no programs are run here');
      return false;
    }
    const events = [{ oid: String(target.oid), class: target.class, namespace: '', name: 'OID' }];
    const identity = { ...asking.identity, admin: true };
    const connection = new EngineConnection({ core, context: 'RULE', identity, peer: 'rule', ground: scope, events });
    const limit = AbortSignal.timeout(core.options.handlerTimeoutMs);
    const call: HandlerCall = {
      events,
      connection,
      callerOid: oidText(asking.identity),
      signal: AbortSignal.any([limit, options.signal]),
    };
    try {
      return (await programs.run({ type: rule.kind, path: rule.data }, call)) === 'SUCCESS';
    } catch (error) {
      core.log.error({ err: error, rule: rule.name }, 'the program of a rule broke off');
      return false;
    } finally {
      await connection[Symbol.asyncDispose]();
    }
  };
}
