import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configReference, kernelSections, type Section, sampleConfig } from '@fairlead/kernel/config';
import type { Workspace } from '../check/workspace.ts';

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

/** Sections of the kernel, then those of each bridge. `without` names bridges that export no `bridge` yet. */
export async function collectSections(root: string, workspace: Workspace): Promise<{ sections: Section[]; without: string[] }> {
  const sections: Section[] = [...kernelSections];
  const without: string[] = [];
  for (const pack of workspace.packages.filter(({ kind }) => kind === 'bridge')) {
    const entry = join(root, pack.dir, 'src/index.ts');
    const module: { readonly bridge?: { readonly config?: readonly Section[] } } = existsSync(entry)
      ? await import(pathToFileURL(entry).href)
      : {};
    if (module.bridge?.config === undefined) without.push(pack.dir);
    else sections.push(...module.bridge.config);
  }
  return { sections, without };
}
