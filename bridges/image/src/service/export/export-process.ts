import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Clock } from '@fairlead/kernel/clock';
import { environment } from './program.ts';

/** How a process ended; `code` is undefined for one that was not our child. */
export interface ProcessEnd {
  readonly code: number | null | undefined;
  readonly signal: NodeJS.Signals | null;
}

const POLL_MS = 250;

/** A qemu-nbd that may outlive us: started by us, or found again after a restart. */
export class ExportProcess {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  #alive = true;

  private constructor(pid: number, ended: Promise<ProcessEnd>) {
    this.pid = pid;
    this.ended = ended.then((end) => {
      this.#alive = false;
      return end;
    });
  }

  /** Starts a program in a session of its own; what it says goes to a file, so that it never waits for us. */
  static start(
    program: string,
    args: readonly string[],
    options: { readonly logFile: string; readonly env: Readonly<Record<string, string>> },
  ): Promise<ExportProcess> {
    const log = openSync(options.logFile, 'w', 0o600);
    const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], env: environment(options.env) });
    closeSync(log);
    child.unref();
    const ended = new Promise<ProcessEnd>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    const { promise, resolve, reject } = Promise.withResolvers<ExportProcess>();
    child.once('error', reject);
    child.once('spawn', () => resolve(new ExportProcess(child.pid ?? 0, ended)));
    return promise;
  }

  /** Takes over a process of an earlier life. Its end is noticed by looking. */
  static adopt(pid: number, clock: Clock): ExportProcess {
    const watch = async (): Promise<ProcessEnd> => {
      while (exists(pid)) await clock.sleep(POLL_MS);
      return { code: undefined, signal: null };
    };
    return new ExportProcess(pid, watch());
  }

  get alive(): boolean {
    return this.#alive;
  }

  signal(name: NodeJS.Signals): void {
    if (!this.#alive) return;
    try {
      process.kill(this.pid, name);
    } catch {
      // It has just ended; `ended` tells.
      return;
    }
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
