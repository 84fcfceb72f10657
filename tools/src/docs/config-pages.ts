import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configReference, type Section, sampleConfig } from '@fairlead/kernel/config';

/** Where the app lists its bridges and with them all sections. */
const BRIDGE_LIST = 'apps/fairlead/src/bridges.ts';

const HEAD = `# Configuration

This page is generated from the sources by \`./dev docs\`; \`./dev check\` fails when it is out of date.

Fairlead reads one INI file: \`--config\`, else \`FAIRLEAD_CONFIG\`, else \`./fairlead.ini\`, else \`/etc/fairlead/fairlead.ini\`.
Every key can be given as an environment variable \`FAIRLEAD_<SECTION>_<KEY>\`, which counts more than the file.
A secret may be written as \`@/path\`: it is then read from that file.
Durations take \`s\`, \`m\`, \`h\` or \`d\`; a bare number is seconds.
A bridge is on when one of its sections is in the file.
\`fairlead config check\` reports every mistake of a file at once, \`fairlead config show\` prints what counts and where it comes from.

`;

/** The pages made from the declared sections, by path. */
export function configPages(sections: readonly Section[]): Readonly<Record<string, string>> {
  return {
    'docs/reference/config.md': HEAD + configReference(sections),
    'deploy/examples/fairlead.ini': sampleConfig(sections),
  };
}

/** Every section that the one binary knows, as `apps/fairlead` lists them. */
export async function collectSections(root: string): Promise<readonly Section[]> {
  const module: { readonly sections?: readonly Section[] } = await import(pathToFileURL(join(root, BRIDGE_LIST)).href);
  return module.sections ?? [];
}
