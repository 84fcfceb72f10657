import type { LintFinding, SourceFile } from '../schema/schema.ts';
import { type Binding, STAGES, type Stage } from './handler.ts';

const TYPES = ['exec', 'perl', 'test', 'native'] as const;

/** `Class.event` or `Class.Namespace.event`. */
const EVENT = /^([A-Za-z0-9_+]+)\.(?:([A-Za-z0-9_+]*)\.)?([A-Za-z0-9_+]+|\*)$/;

export interface ParsedBindings {
  readonly bindings: readonly Binding[];
  readonly findings: readonly LintFinding[];
}

/** Reads `.conf` files (cce 4.1). A line that says nothing usable is left out and named. */
export function parseBindings(files: readonly SourceFile[]): ParsedBindings {
  const bindings: Binding[] = [];
  const findings: LintFinding[] = [];
  const stages = new Map<string, Stage>();
  for (const { file, text } of files) {
    for (const [index, line] of text.split('\n').entries()) {
      const words = line.replace(/#.*$/, '').trim().split(/\s+/);
      if (words[0] === '') continue;
      const binding = readLine(words);
      const problem = typeof binding === 'string' ? binding : conflictOf(stages, binding);
      if (problem !== undefined) findings.push({ severity: 'error', file, line: index + 1, text: problem });
      else if (typeof binding !== 'string') bindings.push(binding);
    }
  }
  return { bindings, findings };
}

/** The binding of a line, or what is wrong with it. */
function readLine(words: readonly string[]): Binding | string {
  const [eventText = '', handlerText = '', stageText = 'EXECUTE', ...rest] = words;
  if (handlerText === '' || rest.length > 0) return 'A binding has an event, a handler and perhaps a stage';
  const event = EVENT.exec(eventText);
  if (!event) return `${eventText} is no event`;
  const [, className = '', namespace = '', name = ''] = event;
  if (namespace !== '' && (name === '_CREATE' || name === '_DESTROY')) return `${name} is an event of the default namespace only`;
  const handler = readHandler(handlerText);
  if (!handler) return `${handlerText} is no handler`;
  const [stageName = '', flag] = stageText.split('.');
  const stage = STAGES.find((one) => one === stageName.toUpperCase());
  if (!stage || (flag !== undefined && flag.toLowerCase() !== 'rollback')) return `${stageText} is no stage`;
  return { class: className, namespace, event: name, handler, stage, rollback: flag !== undefined };
}

/** An unknown type only tells, as the original's `test` does. */
function readHandler(text: string): Binding['handler'] | undefined {
  const colon = text.indexOf(':');
  const path = text.slice(colon + 1);
  if (colon < 1 || path === '') return undefined;
  const type = TYPES.find((one) => one === text.slice(0, colon).toLowerCase()) ?? 'test';
  return { type, path };
}

/** The same program has one stage (cce 4.1). */
function conflictOf(stages: Map<string, Stage>, { handler, stage }: Binding): string | undefined {
  const key = `${handler.type}:${handler.path}`;
  const known = stages.get(key) ?? stage;
  stages.set(key, known);
  return known === stage ? undefined : `${key} has the stage ${known} already`;
}
