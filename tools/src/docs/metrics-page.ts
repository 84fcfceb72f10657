import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type InstrumentTable, metricsReference } from '@fairlead/kernel/metrics';

/** Where the app lists the instruments of the one binary. */
const INSTRUMENT_LIST = 'apps/fairlead/src/compose/instruments.ts';

/** Path of the reference of metrics. */
export const METRICS_PAGE = 'docs/reference/metrics.md';

const HEAD = `# Metrics

This page is generated from the sources by \`./dev docs\`; \`./dev check\` fails when it is out of date.

\`GET /metrics\` on 8443 answers the addresses of \`[server] ops_allow_from\`, in the text format of Prometheus; everybody else gets 403.
A label says a listed word or a name of the code; anything else, and what goes beyond the number given, is shown as \`other\`.
No label holds a user, an address, an id or a secret.
Beside these there are \`process_*\` and \`nodejs_*\` as every Node program has them.
What to watch and when to wake somebody: [operate/metrics.md](../operate/metrics.md).

`;

/** The reference of these instruments. */
export function metricsPage(instruments: readonly InstrumentTable[]): string {
  return HEAD + metricsReference(instruments);
}

/** Every instrument that the one binary has, as `apps/fairlead` lists them. */
export async function collectInstruments(root: string): Promise<readonly InstrumentTable[]> {
  const module: { readonly instruments?: readonly InstrumentTable[] } = await import(pathToFileURL(join(root, INSTRUMENT_LIST)).href);
  return module.instruments ?? [];
}
