import type { Clock } from '@fairlead/kernel/clock';
import { ImageError } from '../../errors.ts';
import { type ExportFiles, lastWords } from './export-files.ts';
import type { ExportProcess } from './export-process.ts';

/**
 * Ends a qemu-nbd with SIGTERM, which lets it bring everything to the disk; after the limit it is killed. Throws `IMAGE_EXPORT_STOP` unless it ended
 * with 0. One that was taken over after a restart tells no exit code; there the flush before counts.
 */
export async function endProcess(child: ExportProcess, files: ExportFiles, clock: Clock, limitMs: number): Promise<void> {
  child.signal('SIGTERM');
  const stop = new AbortController();
  const late = clock.sleep(limitMs, stop.signal).then(
    () => undefined,
    () => undefined,
  );
  const end = await Promise.race([child.ended, late]);
  stop.abort();
  if (!end) {
    child.signal('SIGKILL');
    await child.ended;
    throw ImageError('IMAGE_EXPORT_STOP', { reason: `it did not end within ${limitMs / 1000} s` });
  }
  if (end.code === 0 || end.code === undefined) return;
  throw ImageError('IMAGE_EXPORT_STOP', { reason: (await lastWords(files)) || `exit code ${end.code}, signal ${end.signal}` });
}
