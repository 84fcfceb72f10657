import { rm } from 'node:fs/promises';
import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import { connectNbd } from '@fairlead/nbd';
import { ImageError } from '../../errors.ts';
import {
  type CacheMode,
  type ExportSpec,
  exportFailureCode,
  lacksDirectIo,
  qemuNbdArguments,
  qemuNbdEnvironment,
} from '../../map/qemu-nbd.ts';
import { type ExportFiles, lastWords } from './export-files.ts';
import { ExportProcess } from './export-process.ts';

export interface StartParts {
  readonly program: string;
  readonly clock: Clock;
  /** Told the process as soon as it exists, before it serves. */
  readonly started: (pid: number) => Promise<void>;
}

export interface StartedExport {
  readonly process: ExportProcess;
  /** Bytes as the guest sees them. */
  readonly size: number;
}

const READY_MS = 10_000;
const LONGEST_PAUSE_MS = 100;

/** Starts qemu-nbd and waits until it serves. Throws `IMAGE_IMAGE_IN_USE`, `IMAGE_FORMAT_MISMATCH`, `IMAGE_EXPORT_FAILED`, `IMAGE_PROGRAM`. */
export async function startExport(spec: ExportSpec, files: ExportFiles, parts: StartParts, signal?: AbortSignal): Promise<StartedExport> {
  try {
    return await startWith('direct', spec, files, parts, signal);
  } catch (error) {
    if (!(error instanceof GatewayError) || !lacksDirectIo(error.publicText)) throw error;
    return startWith('buffered', spec, files, parts, signal);
  }
}

async function startWith(
  cache: CacheMode,
  spec: ExportSpec,
  files: ExportFiles,
  parts: StartParts,
  signal?: AbortSignal,
): Promise<StartedExport> {
  await rm(files.socket, { force: true });
  const child = await spawn(qemuNbdArguments(spec, files, cache), files, parts.program);
  try {
    await parts.started(child.pid);
    return { process: child, size: await ready(child, spec, files, parts.clock, signal) };
  } catch (error) {
    child.signal('SIGKILL');
    await child.ended;
    throw error;
  }
}

async function spawn(args: readonly string[], files: ExportFiles, program: string): Promise<ExportProcess> {
  try {
    return await ExportProcess.start(program, args, { logFile: files.log, env: qemuNbdEnvironment });
  } catch (error) {
    throw ImageError('IMAGE_PROGRAM', { program, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
}

/** Ready is a server that answers the handshake, not a file that exists (imageio 13.1). */
async function ready(child: ExportProcess, spec: ExportSpec, files: ExportFiles, clock: Clock, signal?: AbortSignal): Promise<number> {
  const deadline = performance.now() + READY_MS;
  for (let pause = 5; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    if (!child.alive) {
      const reason = await lastWords(files);
      throw ImageError(exportFailureCode(reason), { path: spec.path, format: spec.format, reason });
    }
    try {
      return await sizeOf(files.socket);
    } catch (error) {
      if (performance.now() > deadline)
        throw ImageError('IMAGE_EXPORT_FAILED', { path: spec.path, reason: 'it did not answer in time' }, { cause: error });
    }
    await clock.sleep(pause, signal);
  }
}

async function sizeOf(socketPath: string): Promise<number> {
  const client = await connectNbd({ socketPath });
  const { size } = client;
  await client.close();
  return size;
}
