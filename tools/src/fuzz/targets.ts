import { relative } from 'node:path';
import type { FuzzRecord } from '@fairlead/testkit/fuzz';
import { isTestFile, type Workspace } from '../check/workspace.ts';

export interface Target {
  readonly name: string;
  /** The test file that holds it, relative to the root. */
  readonly file: string;
  /** Inputs of an ordinary test run; the long run keeps the proportions. */
  readonly runs: number;
}

/** Tests of the machinery itself: they make targets that fail on purpose. */
const ITS_OWN = /^(tools|packages\/testkit)\//;

/** The test files that hold targets. */
export function fuzzFiles(workspace: Workspace): string[] {
  return workspace.packages
    .flatMap((pack) => pack.sources)
    .filter(
      ({ path, text }) => isTestFile(path) && /\.test\.ts$/.test(path) && !ITS_OWN.test(path) && text.includes("'@fairlead/testkit/fuzz'"),
    )
    .map(({ path }) => path);
}

/** What was told, as a list; throws for a name that is taken, because a finding could not be repeated by it. */
export function targetsOf(records: readonly FuzzRecord[], root: string): Target[] {
  const targets: Target[] = [];
  for (const { name, runs, file = '' } of records) {
    const other = targets.find((target) => target.name === name);
    if (other) throw new Error(`two targets are named ${name}: in ${other.file} and ${relative(root, file)}`);
    targets.push({ name, runs, file: relative(root, file) });
  }
  return targets;
}

/** By how much the inputs of an ordinary run are multiplied so that all targets together get at least `inputs`. */
export function timesFor(targets: readonly Target[], inputs: number): number {
  return inputs / targets.reduce((sum, target) => sum + target.runs, 0);
}
