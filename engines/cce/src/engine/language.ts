import { type Access, type Caller, createAccess, type Target } from '../access/index.ts';
import type { EngineLog, EngineOptions } from '../engine-contract.ts';
import { parseBindings } from '../handlers/bindings.ts';
import type { Binding } from '../handlers/handler.ts';
import { loadSchema } from '../schema/index.ts';
import type { LintFinding, RuleDefinition, Schema, SourceFile } from '../schema/schema.ts';

/** What the files say: the schema, its rules, and which handler runs for which event. A transaction keeps what it began with. */
export interface Language {
  readonly schema: Schema;
  readonly access: Access;
  readonly bindings: readonly Binding[];
  readonly findings: readonly LintFinding[];
}

/** Runs the program of a rule for one command (cce 3.3); rejects when it gives no answer. */
export type RunRule = (rule: RuleDefinition, caller: Caller, target: Target) => Promise<boolean>;

/** Which command asks: access is made once for a schema, a rule's program sees what the command sees. */
export const ruleRunners = new WeakMap<Caller, RunRule>();

export interface LanguageSources {
  readonly schemas: readonly SourceFile[];
  readonly bindings: readonly SourceFile[];
}

/** Reads all files; what is wrong with them is in the findings and in the log, and stops nothing (cce 2.2, 4.1). */
export function readLanguage(sources: LanguageSources, options: Pick<EngineOptions, 'schemaStrictBool' | 'passwordMax' | 'log'>): Language {
  const read = loadSchema(sources.schemas, { schemaStrictBool: options.schemaStrictBool, passwordMax: options.passwordMax });
  const parsed = parseBindings(sources.bindings);
  const findings = [...read.findings, ...parsed.findings];
  for (const finding of findings) report(options.log, finding);
  const access = createAccess(read.schema, {
    runRule: async (rule, caller, target) => {
      const run = ruleRunners.get(caller);
      if (!run) throw new Error('Nobody runs the program for this caller');
      return run(rule, caller, target);
    },
    report: (trouble) => options.log.warn({ ...trouble }, 'a rule cannot be answered'),
  });
  return { schema: read.schema, access, bindings: parsed.bindings, findings };
}

function report(log: EngineLog, { severity, file, line, text }: LintFinding): void {
  if (severity === 'error') log.error({ file, line }, text);
  else log.warn({ file, line }, text);
}
