import type { World } from './world.ts';

/** How a run ended, in numbers of steps. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface ClientContext {
  /** Starts a gateway to run against; the caller ends it. */
  readonly startWorld: () => Promise<World>;
  /** Folder of the project. */
  readonly root: string;
  /** Kept between runs: what was installed. */
  readonly installDir: string;
  /** Empty, removed after the run. */
  readonly workDir: string;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** A program that nobody here wrote. */
export interface Client {
  /** Name of its folder. */
  readonly name: string;
  readonly title: string;
  /** Needs what this project does not bring: runs only when it is named. */
  readonly whenNamed?: true;
  /** Installs what is missing; nothing when it is there. */
  install(context: Pick<ClientContext, 'root' | 'installDir' | 'signal' | 'print'>): Promise<void>;
  run(context: ClientContext): Promise<Totals>;
}
