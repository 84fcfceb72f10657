/** How much is run, and where it is told: without any of this the few inputs of an ordinary test run. */
export interface FuzzPlan {
  /** Multiplies the share of every target; 0 tells what there is and runs nothing. Absent in an ordinary test run. */
  readonly times?: number;
  /** Runs this target alone. */
  readonly only?: string;
  readonly seed?: number;
  /** What fast-check calls the path of an input: with the seed it repeats one. */
  readonly path?: string;
  /** File that gets one line of JSON (`FuzzRecord`) for each target. */
  readonly report?: string;
  /** File that says which input is being run, for whoever ends a process that hangs. */
  readonly beat?: string;
}

/** What is told of a target. */
export interface FuzzRecord {
  readonly name: string;
  /** Absolute path of the test file that holds it, where that can be told. */
  readonly file?: string;
  /** Inputs by its share, before they are multiplied. */
  readonly runs: number;
  /** Inputs that were really run. */
  readonly inputs: number;
  readonly seconds: number;
  readonly worstMs: number;
  /** The most that lay on the heap and in buffers, in bytes. */
  readonly peakBytes: number;
  readonly failure?: string;
}

/** The environment that makes `fuzz` follow a plan; `readPlan` is its other half. */
export function fuzzPlan(plan: FuzzPlan): Record<string, string> {
  return { FAIRLEAD_FUZZ: JSON.stringify(plan) };
}

export function readPlan(environment: Readonly<Record<string, string | undefined>> = process.env): FuzzPlan {
  return JSON.parse(environment.FAIRLEAD_FUZZ ?? '{}') as FuzzPlan;
}
