import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Names of running gateways. One that was started on this machine can be looked up: `<machine>.<process>.<start>.<random>`, where the machine is
 * one boot and one space of process ids, and the start tells a process from another that was given the same id later.
 */

const FORM = /^([0-9a-f]{16})\.(\d+)\.(\d+)\./;

/** A name for this process; never the same again. */
export function processName(): string {
  const here = machine();
  const start = startOf('self');
  if (here === undefined || start === undefined) return randomUUID();
  return `${here}.${process.pid}.${start}.${randomUUID()}`;
}

/** Whether the process of that name has certainly ended. False when it runs, and when nobody here can know. */
export function hasEnded(name: string): boolean {
  const [, where, pid = '', start] = FORM.exec(name) ?? [];
  if (where === undefined || where !== machine()) return false;
  const found = startOf(pid);
  // What cannot be read may still run: some machines hide the processes of other users.
  return found === undefined ? isAbsent(Number(pid)) : found !== start;
}

/** This boot of this kernel, and its space of process ids (containers have their own). */
function machine(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return createHash('sha256')
      .update(`${boot} ${readlinkSync('/proc/self/ns/pid')}`)
      .digest('hex')
      .slice(0, 16);
  } catch {
    return undefined;
  }
}

/** When a process was started, in ticks since the boot; `''` when it has ended and nobody has taken note, undefined when it is not seen. */
function startOf(pid: string): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before may hold blanks and brackets.
    const words = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return words[0] === 'Z' || words[0] === 'X' ? '' : words[19];
  } catch {
    return undefined;
  }
}

function isAbsent(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
