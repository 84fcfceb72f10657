import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sizes, stage } from './stage.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** `main.ts protocols/ovh FOLDER` makes the folder that is published; `main.ts --sizes protocols/ovh` tells what the doors weigh. */
async function main(args: readonly string[]): Promise<number> {
  const [first = '', second = ''] = args;
  if (args.length !== 2) {
    process.stderr.write('usage: main.ts PACKAGE FOLDER | --sizes PACKAGE\n');
    return 64;
  }
  if (first === '--sizes') process.stdout.write(`${JSON.stringify(await sizes(ROOT, second))}\n`);
  else await stage(ROOT, first, resolve(second));
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
