import { mkdir } from 'node:fs/promises';
import type { Counts } from './counts.ts';
import { runStep, steps } from './steps.ts';

/** Everything that CI runs, in order; later steps run even when an earlier one failed, so that one run tells all. */
async function main(): Promise<number> {
  await mkdir('.state', { recursive: true });
  const only = process.argv.slice(2);
  const total = { passed: 0, failed: 0, skipped: 0 };
  const rows: string[] = [];
  const notes: string[] = [];
  for (const step of steps.filter((one) => only.length === 0 || only.includes(one.name))) {
    const begin = Date.now();
    process.stdout.write(`\n==> ${step.name}\n`);
    const counts = await runStep(step);
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
    notes.push(...(counts.notes ?? []).map((note) => `${step.name}: ${note}`));
    rows.push(`${step.name.padEnd(14)} ${line(counts)}  (${Math.round((Date.now() - begin) / 1000)} s)`);
  }
  process.stdout.write(`\n${[...notes, '', ...rows].join('\n')}\n\n${line(total)}\n`);
  return total.failed === 0 && total.passed > 0 && (total.skipped === 0 || !process.env.CI) ? 0 : 1;
}

function line(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

process.exitCode = await main();
