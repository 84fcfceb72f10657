import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where the configuration is (design 6): the flag, else `FAIRLEAD_CONFIG`, else `./fairlead.ini`, else `/etc/fairlead/fairlead.ini`. A file that was named need not exist. */
export function findConfigFile(options: {
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}): string | undefined {
  const named = options.flag ?? options.env.FAIRLEAD_CONFIG;
  if (named !== undefined && named !== '') return resolve(options.cwd, named);
  return [resolve(options.cwd, 'fairlead.ini'), '/etc/fairlead/fairlead.ini'].find((file) => existsSync(file));
}
