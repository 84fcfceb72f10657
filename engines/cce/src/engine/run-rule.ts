import type { HandlerCall } from '../handlers/handler.ts';
import type { CommandContext } from './commands/command.ts';
import { EngineConnection } from './engine-connection.ts';
import { oidText } from './identity.ts';
import type { RunRule } from './language.ts';
import type { Scope } from './view.ts';

/**
 * Programs of rules (cce 3.3): they see what the command sees, with admin rights, BYE SUCCESS says yes and BYE FAIL no. All else is no answer and
 * rejects: the rule then denies, under NOT as well.
 */
export function ruleRunner({ core, connection: asking, options }: CommandContext, scope: Scope | undefined): RunRule {
  return async (rule, _caller, target) => {
    const { programs } = core.options;
    if ((rule.kind !== 'exec' && rule.kind !== 'perl') || !programs) throw new Error('No programs are run here');
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
      const outcome = await programs.run({ type: rule.kind, path: rule.data }, call);
      if (outcome === 'SUCCESS') return true;
      if (connection.farewell === 'FAIL') return false;
      throw new Error('The program said neither BYE SUCCESS nor BYE FAIL');
    } catch (error) {
      core.log.error({ err: error, rule: rule.name }, 'the program of a rule broke off');
      throw error;
    } finally {
      await connection[Symbol.asyncDispose]();
    }
  };
}
