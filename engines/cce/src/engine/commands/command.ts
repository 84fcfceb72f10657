import type { Operation, Verb } from '@fairlead/cscp/codec';
import type { EngineReply } from '../../connection.ts';
import type { EngineCore } from '../core.ts';
import type { EngineConnection } from '../engine-connection.ts';
import { type Language, ruleRunners } from '../language.ts';
import { Rights } from '../rights.ts';
import { ruleRunner } from '../run-rule.ts';
import { type Scope, View } from '../view.ts';

export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
}

export type Command<V extends Verb> = (
  context: CommandContext,
  operation: Extract<Operation, { readonly verb: V }>,
) => Promise<EngineReply>;

/** What one command works with. */
export class CommandContext {
  readonly core: EngineCore;
  readonly connection: EngineConnection;
  readonly options: CommandOptions;

  constructor(connection: EngineConnection, options: CommandOptions) {
    this.core = connection.core;
    this.connection = connection;
    this.options = options;
  }

  /** The objects as this command sees them, through what is open. */
  view(scope: Scope | undefined = this.connection.scope): View {
    return (scope ? undefined : this.connection.firstView) ?? new View(this.core, scope);
  }

  language(scope: Scope | undefined = this.connection.scope): Language {
    return (scope?.transaction ?? this.core).language;
  }

  /** What the caller may do with objects of a view. */
  async rights(view: View, scope: Scope | undefined = this.connection.scope): Promise<Rights> {
    const caller = await view.caller(this.connection.identity);
    ruleRunners.set(caller, ruleRunner(this, scope));
    return new Rights({ caller, view, access: this.language(scope).access });
  }
}
