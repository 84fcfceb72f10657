import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedFiles } from './generated-files.ts';

// node --conditions=@fairlead/source protocols/ovh/src/schema/main.ts --from protocols/ovh/schemas --out protocols/ovh/src/types --universe eu
const { values } = parseArgs({
  options: { from: { type: 'string' }, out: { type: 'string' }, universe: { type: 'string' }, date: { type: 'string' } },
});
const { from, out, universe, date } = values;
if (from === undefined || out === undefined || universe === undefined) {
  process.stderr.write('usage: main.ts --from <folder of documents> --out <folder> --universe eu [--date 2026-11-22]\n');
  process.exitCode = 2;
} else {
  await mkdir(out, { recursive: true });
  const files = await generatedFiles(from, { universe, date });
  for (const { name, text } of files) await writeFile(join(out, name), text);
}
